package dev.quotary.queue;

import dev.quotary.queue.Waited.Ending;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One who waits, and its place in the order. Only its line changes it. */
final class Guest<L, R, A> implements Waiting<A> {
    /** By priority; then by round, in each of which every party has one turn; then by arrival. */
    static final Comparator<Guest<?, ?, ?>> ORDER = Comparator.<Guest<?, ?, ?>>comparingInt(
                    guest -> -guest.place.priority())
            .thenComparingLong(guest -> guest.round)
            .thenComparingLong(guest -> guest.number);

    final Place<L> place;
    final Attempt<R, A> attempt;
    final long sinceNanos;

    private final Line<L, R> line;
    private final CompletableFuture<Waited<A>> ended = new CompletableFuture<>();

    /** What stands if there is no room in time. */
    A refusal;

    /** The resources it is queued at: those that had no room when it asked last, or were another's turn. */
    Set<R> queuedAt = Set.of();

    long waitNanosMax = Long.MAX_VALUE;
    Alarms.@Nullable Alarm alarm;
    boolean gone;

    /** Both give its place in the order; they are set before it is first compared, and never changed. */
    long round;

    long number;

    Guest(Line<L, R> line, Place<L> place, Attempt<R, A> attempt, A refusal, long sinceNanos) {
        this.line = line;
        this.place = place;
        this.attempt = attempt;
        this.refusal = refusal;
        this.sinceNanos = sinceNanos;
    }

    boolean before(Guest<L, R, ?> other) {
        return ORDER.compare(this, other) < 0;
    }

    /** Rounded up, so that whoever waited at all has waited. */
    long waitedMillis(long nowNanos) {
        return Math.ceilDiv(nowNanos - sinceNanos, TimeUnit.MILLISECONDS.toNanos(1));
    }

    void end(A answer, long nowNanos, Ending ending) {
        ended.complete(new Waited<>(answer, waitedMillis(nowNanos), ending));
    }

    void fail(Throwable failure) {
        ended.completeExceptionally(failure);
    }

    @Override
    public CompletionStage<Waited<A>> ended() {
        return ended;
    }

    @Override
    public void leave() {
        line.leave(this);
    }
}
