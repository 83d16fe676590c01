package dev.quotary.gateway.upstream;

/** How one of several addresses or keys is chosen for a call. */
public enum Choice {
    /** One after the other. */
    ROUND_ROBIN,
    /** The one with the fewest calls running; of equals, one after the other. */
    LEAST_IN_FLIGHT
}
