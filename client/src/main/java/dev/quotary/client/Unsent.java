package dev.quotary.client;

import dev.quotary.client.json.Json;
import dev.quotary.client.json.JsonReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All usage that is not known to be in the ledger: what is being sent for the first time, and what waits in a queue to be sent again.
 *
 * <p>One lock guards all of it, the file included. A usage is written to the file before it is sent ({@link #begin}) and crossed out when
 * the server has it ({@link #done}); what is in neither state when the process dies is sent again by the next one, under the same id.
 * Bounds count both kinds. Whoever sends again ({@link UnsentSender}) leaves an entry at the head of the queue until it is done with.
 */
final class Unsent implements AutoCloseable {
    private final UnsentOptions options;
    private final UsageListener listener;
    private final @Nullable UnsentLog log;
    private final Deque<Entry> queue = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long lastNumber;
    private int entries;
    private long bytes;
    private boolean hurried;
    private boolean urgent;
    private boolean stopping;
    private boolean closed;

    /** @throws IllegalStateException if the directory for what is unsent cannot be used */
    Unsent(UnsentOptions options, UsageListener listener) {
        this.options = options;
        this.listener = listener;
        this.log =
                options.directory().map(directory -> open(directory, listener)).orElse(null);
        if (log != null) {
            log.live().forEach(this::restore);
        }
    }

    private static UnsentLog open(Path directory, UsageListener listener) {
        try {
            return UnsentLog.open(directory, listener);
        } catch (IOException e) {
            throw new IllegalStateException("unsent usage cannot be kept in " + directory + ": " + e.getMessage(), e);
        }
    }

    private void restore(long number, String content) {
        if (!(JsonReader.read(content) instanceof Json.Obj object)) {
            throw new IllegalStateException("expected an object in a line whose sum is right");
        }
        var entry = new Entry(number, object);
        lastNumber = Math.max(lastNumber, number);
        entries++;
        bytes += entry.bytes();
        queue.add(entry);
    }

    /** Keeps a usage that is about to be sent. One that there is no room for has number 0: if it cannot be sent at once it is lost. */
    Entry begin(Json.Obj content) {
        lock.lock();
        try {
            return admitted(new Entry(0, content));
        } finally {
            lock.unlock();
        }
    }

    private Entry admitted(Entry entry) {
        if (closed || entries >= options.entriesMax() || bytes + entry.bytes() > options.bytesMax()) {
            return entry;
        }
        entries++;
        bytes += entry.bytes();
        var numbered = entry.numbered(++lastNumber);
        write(file -> file.put(numbered.number(), numbered.content().toString()));
        return numbered;
    }

    /** The server has it, or nobody ever will. */
    void done(Entry entry) {
        lock.lock();
        try {
            if (entry.number() > 0) {
                entries--;
                bytes -= entry.bytes();
                write(file -> file.done(entry.number()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has an entry sent later. False if there is no room to keep it: it is lost then, unless the caller has another idea. */
    boolean later(Entry entry) {
        lock.lock();
        try {
            var kept = entry.number() > 0 ? entry : admitted(entry);
            if (kept.number() == 0) {
                return false;
            }
            if (closed) {
                // It is in the file, if there is one.
                return log != null;
            }
            queue.add(kept);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What to send next, in the order of coming; waits for it. Empty once there is nothing left and this is to stop.
     *
     * @param countMax how many records may go together; a commit goes alone
     */
    List<Entry> next(int countMax, long bytesMax) throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty() && !stopping) {
                changed.await();
            }
            var batch = new ArrayList<Entry>();
            long size = 0;
            for (var entry : queue) {
                boolean fits = batch.isEmpty() || (batch.size() < countMax && size + entry.bytes() <= bytesMax);
                if (!fits || (entry.isCommit() && !batch.isEmpty())) {
                    break;
                }
                batch.add(entry);
                size += entry.bytes();
                if (entry.isCommit()) {
                    break;
                }
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** The head of the queue is done with. */
    void headDone(Entry entry) {
        lock.lock();
        try {
            queue.removeFirst();
            done(entry);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits before the next attempt, less if there is reason to think that it succeeds. False once this is to stop. */
    boolean pause(Duration pause) throws InterruptedException {
        lock.lock();
        try {
            // Others who are answered have a failing step repeated sooner, but no faster than at first.
            waitUnless(options.pauseMin(), () -> urgent || stopping);
            waitUnless(pause.minus(options.pauseMin()), () -> hurried || urgent || stopping);
            hurried = false;
            urgent = false;
            return !stopping;
        } finally {
            lock.unlock();
        }
    }

    private void waitUnless(Duration pause, BooleanSupplier wanted) throws InterruptedException {
        long left = pause.toNanos();
        while (left > 0 && !wanted.getAsBoolean()) {
            left = changed.awaitNanos(left);
        }
    }

    /** The server has just answered somebody: an attempt now is likely to succeed. */
    void hurry() {
        lock.lock();
        try {
            if (!queue.isEmpty()) {
                hurried = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing is left to send. False if something is. */
    boolean awaitEmpty(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            urgent = !queue.isEmpty();
            changed.signalAll();
            long left = patience.toNanos();
            while (!queue.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** One more attempt at each, without a pause, and then no more. */
    void stop() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What is left is in the file for the next process, or lost if there is none. */
    @Override
    public void close() {
        List<Entry> left;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            left = List.copyOf(queue);
            write(UnsentLog::close);
        } finally {
            lock.unlock();
        }
        if (log == null) {
            left.forEach(entry -> listener.dropped(
                    entry.id(), "the client was closed", entry.body().toString()));
        }
    }

    private interface Step {
        void on(UnsentLog file) throws IOException;
    }

    /** A full disk does not stop usage from being sent: it is in memory as well. */
    private void write(Step step) {
        if (log != null) {
            try {
                step.on(log);
            } catch (IOException e) {
                listener.diskFailed(e);
            }
        }
    }
}
