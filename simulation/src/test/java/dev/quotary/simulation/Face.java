package dev.quotary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.Call;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Hold;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.usage.Commitment;
import dev.quotary.usage.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What stands between clients and the engine: calls it as the API and the gateway do, and checks what is said about recorded use. */
final class Face {
    private final ServerProcess process;
    private final Truth truth;
    private final Books books;
    private final Decisions decisions;
    private final OrganizationKey organization;
    private final List<Answer> answers = new ArrayList<>();

    /**
     * What a client hears.
     *
     * @param hold of a reservation that was granted
     */
    record Answer(Message message, Kind kind, @Nullable Hold hold) {
        enum Kind {
            DONE,
            /** Denied, unknown, closed or the like: asking again is of no use. */
            REFUSED,
            /** The store did not answer: asking again is. */
            FAILED
        }

        static Answer done(Message message) {
            return new Answer(message, Kind.DONE, null);
        }

        static Answer refused(Message message) {
            return new Answer(message, Kind.REFUSED, null);
        }

        static Answer failed(Message message) {
            return new Answer(message, Kind.FAILED, null);
        }
    }

    Face(ServerProcess process, Truth truth, Books books, SimulatedDisk disk) {
        this.process = process;
        this.truth = truth;
        this.books = books;
        this.decisions = new Decisions(process, truth, disk);
        this.organization = truth.rules().organization();
    }

    /** The answers that have come since the last time. */
    List<Answer> answers() {
        var come = List.copyOf(answers);
        answers.clear();
        return come;
    }

    void handle(Message message) {
        switch (message) {
            case Message.Check check -> answers.add(decisions.check(check));
            case Message.Reserve reserve -> answers.add(decisions.reserve(reserve));
            case Message.Extend extend -> answers.add(decisions.extend(extend));
            case Message.Release release -> answers.add(decisions.release(release));
            case Message.Commit commit -> commit(commit);
            case Message.Report report -> report(report);
        }
    }

    private void commit(Message.Commit message) {
        var id = message.id();
        var known = process.admissions().find(organization, id);
        assertThat(known.orElse(null))
                .as("%s is known as it was held", Shown.of(id))
                .isEqualTo(truth.holding(id).hold);
        var hold = message.gateway().or(() -> known);
        if (hold.isEmpty()) {
            ask(
                    process.settlements()
                            .repeated(organization, id, message.commitment().fingerprint()),
                    message);
            return;
        }
        books.sent(event(hold.get(), message.commitment()), false);
        ask(process.settlements().commit(hold.get(), message.commitment()), message);
    }

    private void ask(CompletionStage<Settled> stage, Message.Commit message) {
        var _ = stage.whenComplete((settled, failure) ->
                later(() -> failure == null ? settled(settled, message) : Answer.failed(message)));
    }

    private final List<Later> due = new ArrayList<>();

    /** Checked outside of the stage, which would keep the failure of a check to itself. */
    private interface Later {
        Answer answer();
    }

    private void later(Later check) {
        due.add(check);
    }

    /** Checks the answers that the ledger has given. */
    void listen() {
        var come = List.copyOf(due);
        due.clear();
        come.forEach(check -> answers.add(check.answer()));
    }

    private Answer settled(Settled settled, Message.Commit message) {
        var id = message.id().event();
        return switch (settled) {
            case Settled.Done done -> {
                books.acknowledged(done.event());
                assertThat(done.event().fingerprint())
                        .isEqualTo(message.commitment().fingerprint());
                yield Answer.done(message);
            }
            case Settled.Mismatch _ -> {
                assertThat(books.recorded(id))
                        .as("a mismatch has another event of the id")
                        .isNotNull()
                        .extracting(UsageEvent::fingerprint)
                        .isNotEqualTo(message.commitment().fingerprint());
                yield Answer.refused(message);
            }
            case Settled.Unknown _ -> {
                assertThat(books.isAcknowledged(id))
                        .as("INV-6: an acknowledged commit is never unknown")
                        .isFalse();
                yield Answer.refused(message);
            }
        };
    }

    /** What a commit records: marked late where the hold has expired, in the windows of the admission. */
    private UsageEvent event(Hold hold, Commitment commitment) {
        var call = new Call(
                hold.call().organization(), hold.call().subject(), hold.call().key(), commitment.dimensions());
        return new UsageEvent(
                hold.id().event(),
                hold.admittedAt(),
                call,
                commitment.metered(),
                commitment.result().lateIf(!process.now().isBefore(hold.expiresAt())),
                Optional.of(hold.amounts()),
                commitment.metadata(),
                commitment.fingerprint());
    }

    private void report(Message.Report message) {
        message.events().forEach(event -> books.sent(event, true));
        var _ = process.settlements()
                .record(message.events())
                .whenComplete((appended, failure) -> later(() -> {
                    if (failure != null) {
                        return Answer.failed(message);
                    }
                    boolean mismatch = false;
                    for (var answer : appended) {
                        switch (answer) {
                            case dev.quotary.ledger.Appended.Recorded recorded -> books.acknowledged(recorded.event());
                            case dev.quotary.ledger.Appended.Duplicate duplicate ->
                                books.acknowledged(duplicate.event());
                            case dev.quotary.ledger.Appended.Mismatch _ -> mismatch = true;
                        }
                    }
                    return mismatch ? Answer.refused(message) : Answer.done(message);
                }));
    }

    static boolean isStoreFailure(RuntimeException failure) {
        return failure instanceof StoreUnavailableException;
    }

    Optional<Hold> find(ReservationId id) {
        return process.admissions().find(organization, id);
    }
}
