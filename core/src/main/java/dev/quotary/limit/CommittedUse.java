package dev.quotary.limit;

import dev.quotary.call.OrganizationKey;
import java.util.List;

/** Port: what a {@link Limiter} that decides in this process takes for used, to be laid beside the ledger's sums. Never blocks. */
public interface CommittedUse {
    /**
     * The committed use of an organization's counters as of one moment, each as {@link Limiter#correct} would set it; 0 for unknown ones.
     *
     * @return in the order of the counters
     */
    long[] committed(OrganizationKey organization, List<CounterKey> counters);
}
