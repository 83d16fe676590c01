package dev.quotary.provider;

/** How the client wants its answer. */
public enum Streaming {
    /** As one body. */
    OFF,
    /** As a stream that does not report usage. */
    ON,
    /** As a stream that reports usage, because the client asked for it or the provider always does. */
    ON_WITH_USAGE,
    /** As a stream that reports running totals in all of its pieces, because the client asked for them. */
    ON_WITH_RUNNING_USAGE
}
