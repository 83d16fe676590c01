package dev.quotary.provider.anthropic;

import dev.quotary.price.PartUsage;
import dev.quotary.price.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Divides what a call used among the models that did it, by {@code usage.iterations}.
 *
 * <p>The sums of a usage hold the rounds of the model that answered. They do not hold summaries of the context ({@code compaction}), which
 * are added, nor advice of another model ({@code advisor_message}), which is priced apart. Of a call that fell back to another model
 * ({@code fallback_message}) it is not published what the sums hold, so the arithmetic tells: all attempts, or the one that answered
 * alone, or the ones before it alone.
 */
final class Rounds {
    static final int COUNT_MAX = 10_000;

    private final List<Round> rounds = new ArrayList<>();

    /**
     * One round.
     *
     * @param type {@code message}, {@code compaction}, {@code advisor_message}, {@code fallback_message}, or what is not known yet
     */
    record Round(String type, Optional<String> model, TokenUsage tokens) {}

    /** What the model that is named on the answer used, and what others did. */
    record Division(TokenUsage tokens, List<PartUsage> parts) {}

    void add(Round round) {
        rounds.add(round);
    }

    boolean full() {
        return rounds.size() >= COUNT_MAX;
    }

    /**
     * Divides the sums.
     *
     * @param model that is named on the answer
     * @throws IllegalArgumentException if a sum is then over {@link TokenUsage#TOKENS_MAX}
     */
    Division divide(TokenUsage sums, Optional<String> model) {
        var division = new Dividing(sums, model);
        of("compaction").forEach(division::addOwn);
        of("advisor_message").forEach(division::addOther);
        var fallbacks = of("fallback_message");
        if (!fallbacks.isEmpty()) {
            fallBack(sums, division, fallbacks);
        }
        return new Division(division.own, List.copyOf(division.others));
    }

    private void fallBack(TokenUsage sums, Dividing division, List<Round> fallbacks) {
        var messages = of("message");
        if (sameTokens(sums, sum(messages).plus(sum(fallbacks)))) {
            messages.forEach(division::moveOther);
            fallbacks.forEach(division::moveOther);
        } else if (sameTokens(sums, sum(fallbacks))) {
            fallbacks.forEach(division::moveOther);
        } else {
            fallbacks.forEach(division::addOther);
        }
    }

    private List<Round> of(String type) {
        return rounds.stream().filter(round -> round.type().equals(type)).toList();
    }

    private static TokenUsage sum(List<Round> some) {
        return some.stream().map(Round::tokens).reduce(TokenUsage.NONE, TokenUsage::plus);
    }

    private static boolean sameTokens(TokenUsage one, TokenUsage other) {
        return one.input() == other.input()
                && one.cachedInput() == other.cachedInput()
                && one.cacheWrite5m() + one.cacheWrite1h() == other.cacheWrite5m() + other.cacheWrite1h()
                && one.output() == other.output();
    }

    private static final class Dividing {
        private final Optional<String> model;
        private final List<PartUsage> others = new ArrayList<>();
        private TokenUsage own;

        Dividing(TokenUsage sums, Optional<String> model) {
            this.own = sums;
            this.model = model;
        }

        void addOwn(Round round) {
            own = own.plus(round.tokens());
        }

        void addOther(Round round) {
            if (other(round)) {
                others.add(new PartUsage(round.model().orElseThrow(), round.tokens()));
            } else {
                addOwn(round);
            }
        }

        /** Takes what another model did out of the sums. */
        void moveOther(Round round) {
            if (other(round)) {
                own = Difference.of(own, round.tokens());
                others.add(new PartUsage(round.model().orElseThrow(), round.tokens()));
            }
        }

        private boolean other(Round round) {
            return round.model()
                    .filter(name -> !model.equals(Optional.of(name)))
                    .isPresent();
        }
    }
}
