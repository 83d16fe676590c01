package dev.quotary.sql;

import dev.quotary.ledger.UsageEvent;

/** Told what the store does, for metrics. It is told on threads that everybody waits for: it must neither block nor throw. */
public interface StoreObserver {
    /** A clock of nanoseconds that only grows. */
    long nanos();

    /** A batch of events was answered. */
    void appended(long nanosTaken, boolean durable);

    /** An event became durable, that was not there before. */
    void recorded(UsageEvent event);

    /** A transaction was committed. */
    void committed(int rows, long nanosTaken);

    /** A transaction failed; nothing of it was recorded. */
    void failed();

    /** Nobody. */
    StoreObserver NONE = new StoreObserver() {
        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public void appended(long nanosTaken, boolean durable) {}

        @Override
        public void recorded(UsageEvent event) {}

        @Override
        public void committed(int rows, long nanosTaken) {}

        @Override
        public void failed() {}
    };
}
