package dev.quotary.sql;

import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.StoreUnavailableException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is acknowledged and not yet in the database, in the ledger's order; brought there by one {@link FoldWork} after the other.
 *
 * <p>An event leaves only after its transaction has succeeded: whoever does not find it here, and looks into the database afterwards, finds
 * it there. For the thread of the {@link Intake}; only {@link #event} is for everybody.
 */
final class Backlog {
    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

    private record Logged(Draft draft, long segment) {}

    private final GroupWriter writer;
    private final IntakeLog log;
    private final Runnable ended;
    private final Map<EventKey, UsageEvent> byId = new ConcurrentHashMap<>();
    private final ArrayDeque<Logged> line = new ArrayDeque<>();
    private @Nullable FoldWork running;
    private @Nullable StoreUnavailableException failure;

    /** @param ended told on another thread when a fold has ended */
    Backlog(GroupWriter writer, IntakeLog log, Runnable ended) {
        this.writer = writer;
        this.log = log;
        this.ended = ended;
    }

    int size() {
        return line.size();
    }

    boolean folding() {
        return running != null;
    }

    /** Why the last fold failed; null if it did not. */
    @Nullable StoreUnavailableException failure() {
        return failure;
    }

    @Nullable UsageEvent event(EventKey key) {
        return byId.get(key);
    }

    void add(List<Draft> drafts, long segment) {
        for (var draft : drafts) {
            byId.put(EventKey.of(draft.entry().event()), draft.entry().event());
            line.add(new Logged(draft, segment));
        }
    }

    /** What the events here add to a counter. */
    long added(CounterKey counter) {
        long sum = 0;
        for (var logged : line) {
            for (var posting : logged.draft.entry().postings()) {
                if (posting.counter().equals(counter)) {
                    sum = Saturating.add(sum, posting.amount());
                }
            }
        }
        return sum;
    }

    /** Begins to fold the oldest, unless a fold is running. */
    void fold() {
        if (running != null || line.isEmpty()) {
            return;
        }
        var drafts = new ArrayList<Draft>(Math.min(line.size(), GroupWriter.ROWS_PER_TRANSACTION));
        for (var logged : line) {
            if (drafts.size() == GroupWriter.ROWS_PER_TRANSACTION) {
                break;
            }
            drafts.add(logged.draft);
        }
        var fold = new FoldWork(drafts, ended);
        running = fold;
        writer.submit(fold);
    }

    /** Takes note of a fold that has ended. */
    void conclude() {
        var fold = running;
        if (fold == null || !fold.ended()) {
            return;
        }
        running = null;
        failure = fold.failure();
        if (failure == null) {
            for (var draft : fold.drafts()) {
                line.remove();
                byId.remove(EventKey.of(draft.entry().event()));
            }
            forget();
        }
    }

    private void forget() {
        try {
            log.forgetBefore(
                    line.isEmpty() ? log.segmentWritten() : line.element().segment());
        } catch (IOException e) {
            LOG.warn("A file of the intake that is not needed any more could not be deleted", e);
        }
    }

    /** Waits for the fold that runs. */
    void awaitFold() throws InterruptedException {
        var fold = running;
        if (fold != null) {
            fold.await();
            conclude();
        }
    }

    /** Folds everything and waits for it; stops at the first failure. */
    void foldAll() throws InterruptedException {
        awaitFold();
        failure = null;
        while (!line.isEmpty() && failure == null) {
            fold();
            awaitFold();
        }
    }
}
