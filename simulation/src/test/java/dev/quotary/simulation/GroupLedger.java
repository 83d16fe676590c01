package dev.quotary.simulation;

import dev.quotary.ledger.Coverage;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.limit.CounterKey;
import java.time.Instant;
import java.util.List;

/** A ledger that commits when told, and only then: everything asked of it since the last time together. */
interface GroupLedger extends Ledger {
    /** Makes durable what was asked, tells the follower, then answers. */
    void flush();

    /** A counter was set back when so many events were recorded. */
    record SetBack(int events, CounterKey counter) {}

    /** What survives the process. */
    interface Storage extends AutoCloseable {
        /** A process opens its ledger. */
        GroupLedger open(Follower follower);

        /** Everything recorded, in order. */
        List<Entry> entries();

        /** Counters that were set back by hand, in order. */
        List<SetBack> setBacks();

        /** Differences between the events and what the storage derives from them. */
        List<Difference> faults(Coverage coverage, Instant now);

        @Override
        void close();
    }
}
