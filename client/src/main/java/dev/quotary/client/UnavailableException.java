package dev.quotary.client;

import org.jspecify.annotations.Nullable;

/** No usable answer came in time. Whether the step took effect is unknown: repeat it with the same id. */
public final class UnavailableException extends QuotaryException {
    private static final long serialVersionUID = 1;

    UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
