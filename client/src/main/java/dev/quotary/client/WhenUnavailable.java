package dev.quotary.client;

/** Whether calls are made while Quotary cannot be asked. */
public enum WhenUnavailable {
    /**
     * Fail open: they are, their decision says {@code allowed_unmetered}, and their use is recorded when Quotary is back. Not where the
     * server itself answers that its store is away: it has been told by its operator not to let such calls pass.
     */
    ALLOW,
    /** Fail closed: they are not, which is an {@link UnavailableException}. */
    REFUSE
}
