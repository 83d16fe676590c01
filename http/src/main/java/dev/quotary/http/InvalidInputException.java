package dev.quotary.http;

import java.util.Optional;

/** Input that cannot be accepted: where, and what was expected there. Its message is meant for the sender. */
public final class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String pointer;
    private final int line;
    private final String parameter;

    /**
     * @param pointer JSON pointer of the place (RFC 6901); empty for the whole input
     * @param line line of the place in a file, from 1; 0 where lines mean nothing
     * @param expected what was expected, and what came
     */
    public InvalidInputException(String pointer, int line, String expected) {
        this(pointer, line, "", expected);
    }

    private InvalidInputException(String pointer, int line, String parameter, String expected) {
        super(expected);
        this.pointer = pointer;
        this.line = line;
        this.parameter = parameter;
    }

    /**
     * Of a parameter of a query, which no pointer leads to.
     *
     * @param parameter its name
     */
    public static InvalidInputException inQuery(String parameter, String expected) {
        return new InvalidInputException("", 0, parameter, expected);
    }

    /** The name of the query parameter that is meant; empty for input elsewhere. */
    public String parameter() {
        return parameter;
    }

    public String pointer() {
        return pointer;
    }

    /** The message with its place, for people: {@code line 12, /plans/0/key: expected …}. */
    public String located() {
        if (!parameter.isEmpty()) {
            return "query parameter '" + parameter + "': " + expected();
        }
        var where = line > 0 ? "line " + line + (pointer.isEmpty() ? "" : ", " + pointer) : pointer;
        return where.isEmpty() ? expected() : where + ": " + expected();
    }

    public String expected() {
        return Optional.ofNullable(getMessage()).orElse("");
    }
}
