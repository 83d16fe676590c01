package dev.quotary.client;

import java.util.Optional;

/** What an answer, or none, means for a usage that was sent. */
sealed interface Delivery {
    /** Of HTTP, whatever of the key is wrong. */
    int UNAUTHENTICATED = 401;

    record Done(Settled.Recorded settled) implements Delivery {}

    /** @param estimated why it is told as what was held, if it is */
    record Changed(Entry entry, Optional<String> estimated) implements Delivery {}

    /** The same may be taken another time. */
    record Later(String reason) implements Delivery {}

    record Refused(Problem problem) implements Delivery {}

    static Delivery of(Entry sent, Answer answer) {
        var mistake = answer.mistake();
        if (mistake.isEmpty()) {
            return done(sent, answer);
        }
        var problem = mistake.get();
        var otherwise = sent.otherwise(problem);
        if (otherwise.isPresent()) {
            boolean estimated = sent.estimable() && !otherwise.get().estimable();
            return new Changed(otherwise.get(), estimated ? Optional.of(problem.detail()) : Optional.empty());
        }
        // A key can be renewed, and what was used under it stays used.
        return problem.status() == UNAUTHENTICATED ? new Later(problem.detail()) : new Refused(problem);
    }

    private static Delivery done(Entry sent, Answer answer) {
        try {
            return new Done(sent.settled(answer.body()));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return new Later("an answer that is none: " + e.getMessage());
        }
    }
}
