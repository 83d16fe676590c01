package dev.quotary.ledger;

/** The ledger's answer to one entry. */
public sealed interface Appended {
    /** The event as it stands in the ledger. */
    UsageEvent event();

    /** The event is durable, and was not there before. */
    record Recorded(UsageEvent event) implements Appended {}

    /** The same event was there before; nothing changed. */
    record Duplicate(UsageEvent event) implements Appended {}

    /** Another event has that id; nothing of the batch was recorded. */
    record Mismatch(UsageEvent event) implements Appended {}
}
