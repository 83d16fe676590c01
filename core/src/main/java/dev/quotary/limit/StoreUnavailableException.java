package dev.quotary.limit;

import org.jspecify.annotations.Nullable;

/** A store did not answer; whether the step took effect is unknown, and repeating it with the same id is safe. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param step what was being done, for the operator's log */
    public StoreUnavailableException(String step, @Nullable Throwable cause) {
        super(step, cause);
    }
}
