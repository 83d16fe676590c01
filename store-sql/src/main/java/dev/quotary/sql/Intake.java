package dev.quotary.sql;

import dev.quotary.journal.Records;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.StoreUnavailableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where entries become durable: an append to a file and one fsync for all that wait; the database follows in large transactions.
 *
 * <p>A transaction for each few dozen events costs the database many times what the events are worth: every page that they touch is
 * written to its log each time, and every sum that they move. Here a group of waiting entries is written to the {@link IntakeLog} as it
 * is, synced, told to the follower, and answered; a moment later the {@link Backlog} folds thousands of them in one transaction. What a
 * crash leaves in the log is folded at the next start. An entry is in the database once, as its id is unique there.
 *
 * <p>One thread, so that there is one order: what is in line before is durable before. Work that must see the database as it is with
 * everything before it (a recount, a level, a large batch, which is a large transaction by itself) waits until the backlog is folded, and
 * everything behind waits for it.
 *
 * <p>When the database fails, entries are taken as long as the backlog has room: {@link #UNFOLDED_MAX}.
 */
final class Intake implements LedgerLine {
    /** Entries of a batch that goes through the log; a larger one is a transaction of its own. */
    private static final int BATCH_ROWS_MAX = 64;

    private static final int BATCH_METADATA_LENGTH_MAX = 128 * 1024;
    /** Rows that are written to the log at once, at most. */
    private static final int GROUP_ROWS_MAX = 1_000;
    /** Rows that are folded without waiting any longer. */
    private static final int FOLD_ROWS = 3_000;
    /**
     * How long an entry waits for others before it is folded: what it shares with them, sums and pages of indexes, is written once. Who
     * shows what was used reads it that much later, and is to show it within a second.
     */
    private static final long FOLD_MILLIS = 100;

    /** A group of so many callers tells that the next ones are on their way. */
    private static final int BUSY_GROUP = 6;

    private static final long LINGER_NANOS = 250_000;
    private static final long RETRY_MILLIS = 1_000;
    /** Acknowledged entries that are not in the database, at most. */
    static final int UNFOLDED_MAX = 20_000;

    private static final int CLOSE_SECONDS_MAX = 60;
    private static final Executor FOLD_TICK = CompletableFuture.delayedExecutor(FOLD_MILLIS, TimeUnit.MILLISECONDS);
    private static final Executor RETRY_TICK = CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final GroupWriter writer;
    private final IntakeLookups lookups;
    private final IntakeLog log;
    private final Follower follower;
    private final Backlog backlog;
    private final RecentIds recent;
    private final Records records = new Records();
    private final LinkedTransferQueue<Item> queue = new LinkedTransferQueue<>();
    private final Semaphore rows = new Semaphore(GroupWriter.ROWS_WAITING_MAX);
    private final Thread thread;
    private volatile boolean closed;
    private @Nullable Item next;
    private boolean ticking;
    private int lastGroup;

    /** What stands in line. */
    private sealed interface Item {
        record Append(List<Draft> batch, CompletableFuture<List<Appended>> answer) implements Item {}

        record Direct(Work work) implements Item {}

        record Read(Runnable reading) implements Item {}

        /** Time to fold, or a fold has ended. */
        record Tick(boolean timed) implements Item {}

        record Stop() implements Item {}
    }

    /**
     * @param log whose leftovers of an earlier run are folded already
     * @param recent of the database as it is after that
     */
    Intake(GroupWriter writer, IntakeLookups lookups, IntakeLog log, Follower follower, RecentIds recent) {
        this.writer = writer;
        this.lookups = lookups;
        this.log = log;
        this.follower = follower;
        this.recent = recent;
        this.backlog = new Backlog(writer, log, () -> queue.add(new Item.Tick(false)));
        this.thread = Thread.ofPlatform().name("quotary-intake").daemon().unstarted(this::run);
        thread.start();
    }

    /** Whether a batch is small enough for the log, and counts without knowing what is in the database. */
    private static boolean takes(List<Draft> batch) {
        if (batch.size() > BATCH_ROWS_MAX) {
            return false;
        }
        long length = 0;
        for (var draft : batch) {
            if (draft.levels() != null) {
                return false;
            }
            length += draft.entry().event().metadata().length();
        }
        return length <= BATCH_METADATA_LENGTH_MAX;
    }

    @Override
    public CompletionStage<List<Appended>> append(List<Draft> batch) {
        return takes(batch) ? logged(batch) : direct(batch);
    }

    private CompletionStage<List<Appended>> logged(List<Draft> batch) {
        var answer = new CompletableFuture<List<Appended>>();
        var refused = enter(batch.size());
        if (refused == null) {
            queue.add(new Item.Append(batch, answer));
        } else {
            answer.completeExceptionally(refused);
        }
        return answer;
    }

    private CompletionStage<List<Appended>> direct(List<Draft> batch) {
        var work = new AppendWork(batch, follower);
        submit(work);
        return work.answer();
    }

    @Override
    public void submit(Work work) {
        var refused = enter(work.rows());
        if (refused == null) {
            queue.add(new Item.Direct(work));
        } else {
            work.failed(refused);
        }
    }

    private @Nullable StoreUnavailableException enter(int count) {
        if (closed) {
            return GroupWriter.refused("the ledger is closed");
        }
        return rows.tryAcquire(count) ? null : GroupWriter.refused("too much is waiting to be written");
    }

    @Override
    public @Nullable UsageEvent unfolded(EventKey key) {
        return backlog.event(key);
    }

    @Override
    public CompletionStage<Long> sum(CounterKey counter) {
        return read((database, unfolded) -> Saturating.add(
                database.run(session -> WindowSums.read(session, counter).used()), unfolded.added(counter)));
    }

    @Override
    public void fold() {
        try {
            read((_, unfolded) -> {
                        unfolded.foldAll();
                        var failure = unfolded.failure();
                        if (failure != null) {
                            throw failure;
                        }
                        return true;
                    })
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreUnavailableException why ? why : e;
        }
    }

    /** Reads the database together with what is to be added to it, as of one moment in the ledger's order. */
    private interface Reading<T> {
        T read(IntakeLookups lookups, Backlog unfolded) throws InterruptedException;
    }

    /** Runs on the intake's thread while no fold is running; keep it short. */
    private <T> CompletionStage<T> read(Reading<T> reading) {
        var answer = new CompletableFuture<T>();
        var refused = enter(1);
        if (refused != null) {
            answer.completeExceptionally(refused);
            return answer;
        }
        queue.add(new Item.Read(() -> {
            try {
                backlog.awaitFold();
                answer.complete(reading.read(lookups, backlog));
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        }));
        return answer;
    }

    private void run() {
        boolean running = true;
        while (running) {
            try {
                running = step();
            } catch (Throwable e) {
                // Whatever it was: if this thread died, every later caller would wait for ever.
                LOG.error("The intake of the ledger met an error that it did not expect; it goes on", e);
            }
        }
    }

    private boolean step() throws InterruptedException {
        var item = next == null ? queue.take() : next;
        next = null;
        switch (item) {
            case Item.Append first -> take(first);
            case Item.Direct first -> direct(first);
            case Item.Read(var reading) -> {
                reading.run();
                rows.release();
            }
            case Item.Tick(boolean timed) -> tick(timed);
            case Item.Stop _ -> {
                return false;
            }
        }
        return true;
    }

    private void tick(boolean timed) {
        backlog.conclude();
        if (timed) {
            ticking = false;
            backlog.fold();
        }
        foldSoon();
    }

    /** At once if much is waiting, else in a moment, and later after a failure. */
    private void foldSoon() {
        boolean failing = backlog.failure() != null;
        if (backlog.size() >= FOLD_ROWS && !failing) {
            backlog.fold();
        }
        if (!ticking && backlog.size() > 0 && !backlog.folding()) {
            ticking = true;
            (failing ? RETRY_TICK : FOLD_TICK).execute(() -> queue.add(new Item.Tick(true)));
        }
    }

    /** The entries of everything in line up to the first that is something else. */
    private void take(Item.Append first) throws InterruptedException {
        linger();
        var group = new ArrayList<Item.Append>();
        int count = 0;
        for (Item item = first; item != null; item = count < GROUP_ROWS_MAX ? queue.poll() : null) {
            if (!(item instanceof Item.Append append)) {
                next = item;
                break;
            }
            group.add(append);
            count += append.batch().size();
        }
        lastGroup = group.size();
        try {
            makeRoom(count);
            log(group);
        } catch (StoreUnavailableException e) {
            group.forEach(append -> append.answer().completeExceptionally(e));
        } catch (IOException e) {
            var why = new StoreUnavailableException("writing to the intake of the ledger: " + e.getMessage(), e);
            group.forEach(append -> append.answer().completeExceptionally(why));
        } finally {
            rows.release(count);
        }
        foldSoon();
    }

    /**
     * Under load a moment more makes a group several times as large, for one fsync and one round of waking those who wait; a lone caller
     * does not wait for others.
     */
    private void linger() {
        if (lastGroup >= BUSY_GROUP) {
            LockSupport.parkNanos(LINGER_NANOS);
        }
    }

    private void makeRoom(int count) throws InterruptedException {
        backlog.conclude();
        while (backlog.size() + count > UNFOLDED_MAX) {
            backlog.fold();
            backlog.awaitFold();
            var failure = backlog.failure();
            if (failure != null) {
                throw failure;
            }
        }
    }

    private void log(List<Item.Append> group) throws IOException {
        Map<EventKey, UsageEvent> fresh = new HashMap<>();
        var answers = new ArrayList<BatchAnswers>(group.size());
        records.clear();
        var recorded = new ArrayList<Draft>(group.size());
        for (var append : group) {
            var batch = lookups.answers(append.batch(), recent, key -> {
                var known = fresh.get(key);
                return known == null ? backlog.event(key) : known;
            });
            answers.add(batch);
            if (!batch.recorded().isEmpty()) {
                records.add(out -> EntryCodec.write(batch.recorded(), out));
                for (var draft : batch.recorded()) {
                    var event = draft.entry().event();
                    fresh.put(EventKey.of(event), event);
                    // Also where the log fails below: whether the entry will be found in it is not known then.
                    recent.add(event.id());
                }
                recorded.addAll(batch.recorded());
            }
        }
        if (!records.empty()) {
            backlog.add(recorded, log.append(records));
            recorded.forEach(draft -> follower.recorded(draft.entry()));
        }
        for (int i = 0; i < answers.size(); i++) {
            group.get(i).answer().complete(answers.get(i).answers());
        }
    }

    /** Neighbours share a transaction. */
    private void direct(Item.Direct first) throws InterruptedException {
        var group = new ArrayList<InTurn>();
        int count = 0;
        for (Item item = first; item != null; item = count < GroupWriter.ROWS_PER_TRANSACTION ? queue.poll() : null) {
            if (!(item instanceof Item.Direct(var work))) {
                next = item;
                break;
            }
            if (work instanceof AppendWork append) {
                append.drafts()
                        .forEach(draft -> recent.add(draft.entry().event().id()));
            }
            group.add(new InTurn(work));
            count += work.rows();
        }
        try {
            backlog.foldAll();
            var failure = backlog.failure();
            for (var work : group) {
                if (failure == null) {
                    writer.submit(work);
                } else {
                    work.failed(failure);
                }
            }
            for (var work : group) {
                work.await();
            }
        } finally {
            rows.release(count);
        }
        foldSoon();
    }

    /** Answers and folds everything, and ends the thread. What could not be folded stays in the log for the next start. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (!rows.tryAcquire(GroupWriter.ROWS_WAITING_MAX, CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.error("The intake of the ledger did not answer everybody in time");
            }
            queue.add(new Item.Read(this::finish));
            queue.add(new Item.Stop());
            thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS_MAX));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish() {
        try (log;
                lookups) {
            backlog.foldAll();
            if (backlog.failure() == null) {
                log.forgetAll();
            } else {
                LOG.atError()
                        .setCause(backlog.failure())
                        .addKeyValue("entries", backlog.size())
                        .log("The database did not take what is in the intake's files; the next start brings it there");
            }
        } catch (IOException e) {
            LOG.warn("Closing the intake of the ledger failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
