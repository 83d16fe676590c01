package dev.quotary.simulation;

import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.limit.RecoverableLimiter;
import java.time.InstantSource;

/** Where a test puts a fault of ours into the core, to see that the simulation finds it. By itself it breaks nothing. */
interface Breakage {
    Breakage NONE = new Breakage() {};

    /** The limiter of a process that starts. */
    default RecoverableLimiter limiter(RecoverableLimiter limiter) {
        return limiter;
    }

    default Follower follower(Follower follower, InstantSource clock) {
        return follower;
    }

    /** The ledger that settlements are appended to. */
    default Ledger ledger(Ledger ledger) {
        return ledger;
    }

    /** The limiter as recovery sees it. */
    default RecoverableLimiter recovering(RecoverableLimiter limiter) {
        return limiter;
    }
}
