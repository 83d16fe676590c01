package dev.quotary.http;

import java.util.Optional;

/** Input that cannot be accepted: where, and what was expected there. Its message is meant for the sender. */
public final class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String pointer;
    private final int line;

    /**
     * @param pointer JSON pointer of the place (RFC 6901); empty for the whole input
     * @param line line of the place in a file, from 1; 0 where lines mean nothing
     * @param expected what was expected, and what came
     */
    public InvalidInputException(String pointer, int line, String expected) {
        super(expected);
        this.pointer = pointer;
        this.line = line;
    }

    public String pointer() {
        return pointer;
    }

    /** The message with its place, for people: {@code line 12, /plans/0/key: expected …}. */
    public String located() {
        var where = line > 0 ? "line " + line + (pointer.isEmpty() ? "" : ", " + pointer) : pointer;
        return where.isEmpty() ? expected() : where + ": " + expected();
    }

    public String expected() {
        return Optional.ofNullable(getMessage()).orElse("");
    }
}
