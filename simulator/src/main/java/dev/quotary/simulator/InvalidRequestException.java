package dev.quotary.simulator;

/** The caller's request is wrong; carries what to tell them. */
final class InvalidRequestException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** Never serialized: the exception does not leave the event loop. */
    private final transient ProviderError error;

    InvalidRequestException(ProviderError error) {
        super(error.message());
        this.error = error;
    }

    InvalidRequestException(ProviderError error, Throwable cause) {
        super(error.message(), cause);
        this.error = error;
    }

    ProviderError error() {
        return error;
    }
}
