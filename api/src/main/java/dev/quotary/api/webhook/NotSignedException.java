package dev.quotary.api.webhook;

/** A call that does not come from whom it claims to, or too late; its message is meant for the sender. */
public final class NotSignedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotSignedException(String why) {
        super(why);
    }
}
