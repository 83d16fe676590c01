package dev.quotary.api.declare;

/** Something is not deleted, as something else needs it. Its message is meant for the caller. */
public final class InUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InUseException(String why) {
        super(why, null, false, false);
    }

    public String why() {
        return String.valueOf(getMessage());
    }
}
