package dev.quotary.ledger;

import dev.quotary.call.OrganizationKey;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Port: compares what is derived from the events with the events, a small piece at a time, while events are recorded. Each piece is seen
 * as of one moment, so that what is on its way is no difference; a piece of too many events is left out. Nobody who records waits for it.
 */
public interface SpotChecks {
    /** Compares the rollup of one hour. */
    CompletionStage<Checked> hour(OrganizationKey organization, Instant hour, Consumer<Difference> each);

    /** Compares the stored sums of one thing that is counted, in one window. */
    CompletionStage<Checked> window(Recount group, Coverage coverage, Consumer<Difference> each);

    /** Most events of a piece: what is read within a few hundredths of a second. */
    int EVENTS_MAX = 20_000;

    /** What became of a check. */
    enum Checked {
        COMPARED,
        /** Too many events, or declarations are changing. */
        LEFT_OUT
    }
}
