package dev.quotary.api;

import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.ApiKey;
import dev.quotary.catalog.Role;
import dev.quotary.http.Answers;
import dev.quotary.http.Documents;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Principal;
import dev.quotary.http.Value;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.sync.Failure;
import dev.quotary.sync.Sync;
import dev.quotary.sync.SyncState;
import dev.quotary.sync.SyncState.Pending;
import dev.quotary.sync.Syncs;
import dev.quotary.usage.Settlements;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings accepted batches into the ledger.
 *
 * <p>An attempt is begun in the store before it is made, so that of several servers one makes it, and another one is made later if this
 * process dies in it. Making it twice records nothing twice: every event has an id, of its sender or of its place in the batch.
 */
public final class SyncRecorder {
    /** How long it is told what became of a batch. */
    private static final Duration DONE_KEPT = Duration.ofDays(7);

    private static final Duration LOOK_AFTER_EVERY = Duration.ofSeconds(10);
    private static final int FORGET_MAX = 1_000;
    private static final int BATCHES_PER_STEP = 20;
    private static final long RECORD_SECONDS_MAX = 60;
    /** Of events that their sender names by their batch alone. */
    private static final String SOURCE = "sync";

    private static final Logger LOG = LoggerFactory.getLogger(SyncRecorder.class);

    private final Syncs syncs;
    private final RecordReader reader;
    private final Settlements settlements;
    private final InstantSource clock;
    private volatile Runnable accepted = () -> {};
    private volatile Map<SyncState.Kind, Long> counts = Map.of();
    private Instant lookedAfter = Instant.EPOCH;

    SyncRecorder(Syncs syncs, RecordReader reader, Settlements settlements, InstantSource clock) {
        this.syncs = syncs;
        this.reader = reader;
        this.settlements = settlements;
        this.clock = clock;
    }

    /** Has somebody told when there is something to do; one at most. What is called must not block. */
    public void onAccepted(Runnable told) {
        accepted = told;
    }

    void somethingToDo() {
        accepted.run();
    }

    /**
     * The events of a batch.
     *
     * @param records their list, as it was sent
     */
    List<UsageEvent> read(OrganizationKey organization, String id, KeyId sender, Instant acceptedAt, Value records) {
        var exchange = Exchange.kept(principal(organization, sender, acceptedAt));
        var name = Optional.of(new RecordReader.BatchName(SOURCE, id));
        return reader.read(new RecordReader.Sent(exchange, name, acceptedAt), records);
    }

    /** What was accepted is recorded, whatever has become of the key meanwhile. */
    private static Principal principal(OrganizationKey organization, KeyId sender, Instant at) {
        return new Principal(
                new ApiKey(sender, "", "", "", Role.SERVICE, organization, null, at, null, List.of(), null));
    }

    /**
     * Tries what is due, and forgets what was done long ago. For one thread at a time; blocks.
     *
     * @throws StoreUnavailableException if the store does not answer; what was begun is due again later
     */
    public void step() {
        var now = clock.instant();
        var due = syncs.due(now, BATCHES_PER_STEP);
        due.forEach(this::attempt);
        if (!now.isBefore(lookedAfter.plus(LOOK_AFTER_EVERY))) {
            syncs.forget(now.minus(DONE_KEPT), FORGET_MAX);
            counts = syncs.counts();
            lookedAfter = now;
        }
        if (due.size() == BATCHES_PER_STEP) {
            somethingToDo();
        }
    }

    /** How many there were a few seconds ago, by kind; never waits. */
    public Map<SyncState.Kind, Long> counts() {
        return counts;
    }

    private void attempt(Sync sync) {
        if (!(sync.state() instanceof Pending pending)) {
            return;
        }
        var begun = pending.begun(clock.instant());
        if (!syncs.move(sync, begun)) {
            return;
        }
        var current = sync.in(begun);
        var next = outcome(current, begun);
        syncs.move(current, next);
        if (next instanceof SyncState.Parked parked) {
            LOG.atWarn()
                    .addKeyValue("organization", sync.organization().value())
                    .addKeyValue("sync", sync.id())
                    .addKeyValue("code", parked.why().code())
                    .log("a batch of usage is parked, and is not recorded until somebody resumes it");
        }
    }

    private SyncState outcome(Sync sync, Pending begun) {
        try {
            var content =
                    syncs.content(sync).orElseThrow(() -> new IllegalStateException("a pending batch without content"));
            var batch = sync.batch();
            var events =
                    read(sync.organization(), sync.id(), batch.sender(), batch.acceptedAt(), Documents.json(content));
            reader.checkSubjects(events, clock.instant());
            return recorded(events, begun);
        } catch (RuntimeException | StackOverflowError e) {
            // Also of what was read when it was accepted: what it names may have been taken away since, and come back.
            var problem = Answers.problem(e);
            return begun.failed(failure(problem.code(), problem.detail()));
        }
    }

    private SyncState recorded(List<UsageEvent> events, Pending begun) {
        var answers = await(events);
        for (int i = 0; i < answers.size(); i++) {
            var answer = answers.get(i);
            boolean guilty = answer.event().fingerprint() != events.get(i).fingerprint();
            if (answer instanceof Appended.Mismatch && guilty) {
                // However often it is tried: this id stands for something else.
                return begun.parked(failure(
                        ErrorCode.IDEMPOTENCY_MISMATCH,
                        "/" + i + ": event " + events.get(i).id() + " was recorded before, with other content."));
            }
        }
        int duplicates = (int)
                answers.stream().filter(Appended.Duplicate.class::isInstance).count();
        return new SyncState.Done(begun.attempts(), clock.instant(), answers.size() - duplicates, duplicates);
    }

    private List<Appended> await(List<UsageEvent> events) {
        try {
            return settlements.record(events).toCompletableFuture().get(RECORD_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StoreUnavailableException unavailable
                    ? unavailable
                    : new StoreUnavailableException("recording a batch", e.getCause());
        } catch (TimeoutException e) {
            throw new StoreUnavailableException("recording a batch: no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("recording a batch: interrupted", e);
        }
    }

    private Failure failure(ErrorCode code, String detail) {
        return new Failure(code.name(), detail, clock.instant());
    }

    Syncs syncs() {
        return syncs;
    }
}
