package dev.quotary.usage;

import dev.quotary.ledger.UsageEvent;

/** The engine's answer to a commit. */
public sealed interface Settled {
    /**
     * The event is durable.
     *
     * @param repeated whether it was recorded before
     */
    record Done(UsageEvent event, boolean repeated) implements Settled {}

    /** No reservation of that id is held, and no event was recorded for it. */
    record Unknown() implements Settled {}

    /** The reservation was committed before, with other content. */
    record Mismatch() implements Settled {}
}
