package dev.quotary.usage;

import dev.quotary.ledger.UsageEvent;
import dev.quotary.meter.Amounts;
import java.util.Optional;

/** The engine's answer to a commit. */
public sealed interface Settled {
    /**
     * The event is durable.
     *
     * @param estimate what was held for it; empty where the reservation is no longer known
     * @param repeated whether it was recorded before
     */
    record Done(UsageEvent event, Optional<Amounts> estimate, boolean repeated) implements Settled {}

    /** No reservation of that id is held, and no event was recorded for it. */
    record Unknown() implements Settled {}

    /** The reservation was committed before, with other content. */
    record Mismatch() implements Settled {}
}
