package dev.quotary.client;

import org.jspecify.annotations.Nullable;

/** Something other than what was asked for. */
public abstract sealed class QuotaryException extends RuntimeException
        permits LimitExceededException, RequestRefusedException, UnavailableException {
    private static final long serialVersionUID = 1;

    QuotaryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
