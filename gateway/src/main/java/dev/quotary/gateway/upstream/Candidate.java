package dev.quotary.gateway.upstream;

import java.time.Instant;

/** One of several that a call may use. */
interface Candidate {
    /** Whether it may be used now. */
    boolean ready(Instant now);

    /** How many calls use it now. */
    int running();
}
