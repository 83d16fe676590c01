package dev.quotary.client;

import java.util.Optional;

/** The server understood, and will not: a wrong key, a wrong value, a blocked subject. Repeating it changes nothing. */
public final class RequestRefusedException extends QuotaryException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final transient Optional<String> pointer;

    RequestRefusedException(Problem problem) {
        super(problem.status() + " " + problem.code() + ": " + problem.detail(), null);
        this.status = problem.status();
        this.code = problem.code();
        this.pointer = problem.pointer();
    }

    /** Of HTTP. */
    public int status() {
        return status;
    }

    /** Which of the server's error codes; it never changes its meaning. */
    public String code() {
        return code;
    }

    /** Where in what was sent, of a wrong value. */
    public Optional<String> pointer() {
        return pointer;
    }
}
