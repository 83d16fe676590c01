package dev.quotary.ledger;

import dev.quotary.limit.CounterKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Told what the ledger has made durable, once per event and in the ledger's order, before the appender gets its answer. */
public interface Follower {
    /** An event was recorded (a duplicate is not told). Must not block and must not throw. */
    void recorded(Entry entry);

    /** A counter was summed up anew from the entries recorded so far, or set back. */
    void recounted(CounterKey counter, long used);

    /**
     * The grace of a counter has begun, or (after a {@link Ledger#reset}) has not.
     *
     * @param at when; null for not
     */
    default void exceeded(CounterKey counter, @Nullable Instant at) {
        // For those who keep use alone.
    }

    /** One who tells another everything after having been told. */
    default Follower and(Follower next) {
        var first = this;
        return new Follower() {
            @Override
            public void recorded(Entry entry) {
                first.recorded(entry);
                next.recorded(entry);
            }

            @Override
            public void recounted(CounterKey counter, long used) {
                first.recounted(counter, used);
                next.recounted(counter, used);
            }

            @Override
            public void exceeded(CounterKey counter, @Nullable Instant at) {
                first.exceeded(counter, at);
                next.exceeded(counter, at);
            }
        };
    }
}
