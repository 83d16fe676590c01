package dev.quotary.limit;

/** The charges were made from declarations that are not in force any more: nothing was decided, and the caller makes them anew. */
public final class DeclarationsChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param made the version that the charges were made from, which is older than what is in force */
    public DeclarationsChangedException(long made, long inForce) {
        // Thrown at most once a change and caller, and never shown: it needs no stack trace.
        super("charges of declarations " + made + ", in force are " + inForce, null, false, false);
    }
}
