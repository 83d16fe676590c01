package dev.quotary.server.command;

/** A command could not do what it was asked; the message tells the user why and what helps. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailure(String message) {
        super(message, null, false, false);
    }
}
