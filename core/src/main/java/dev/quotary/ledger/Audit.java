package dev.quotary.ledger;

import java.time.Instant;
import java.util.function.Consumer;

/**
 * Port: compares what is derived from the events with the events, and derives it again.
 *
 * <p>Both methods see the ledger as of one moment, whatever is recorded meanwhile, and need memory that does not grow with it. They
 * block until they are done, and throw {@link dev.quotary.limit.StoreUnavailableException} if the ledger cannot be read or written.
 */
public interface Audit extends AutoCloseable {
    /**
     * Compares the hourly rollups and the stored sums of windows with the events. Changes nothing, and disturbs nobody who records.
     *
     * @param now tells which windows have not ended: their sums have to be there
     * @param each is told every difference, in no particular order
     */
    Verification verify(Coverage coverage, Instant now, Consumer<Difference> each);

    /**
     * Makes the rollups and sums what the events make them; afterwards, {@link #verify} tells no difference. In one step: whatever
     * interrupts it leaves all of them as they were. Nothing may be recorded meanwhile.
     *
     * @param each is told every difference that it mends
     */
    Verification rebuild(Coverage coverage, Instant now, Consumer<Difference> each);

    @Override
    void close();
}
