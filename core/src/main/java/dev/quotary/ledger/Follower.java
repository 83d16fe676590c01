package dev.quotary.ledger;

import dev.quotary.limit.CounterKey;

/** Told what the ledger has made durable, once per event and in the ledger's order, before the appender gets its answer. */
public interface Follower {
    /** An event was recorded (a duplicate is not told). Must not block and must not throw. */
    void recorded(Entry entry);

    /** A counter was summed up anew from the events recorded so far. */
    void recounted(CounterKey counter, long used);
}
