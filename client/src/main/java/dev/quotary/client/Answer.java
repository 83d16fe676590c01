package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.time.Duration;
import java.util.Optional;

/** An answer of the server, or of something on the way to it. */
record Answer(int status, Json body, Optional<Duration> retryAfter) {
    private static final int OK = 200;
    private static final int REDIRECTION = 300;
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    boolean success() {
        return status >= OK && status < REDIRECTION && body instanceof Json.Obj;
    }

    /** The problem that the caller has to do something about; empty where the same request may succeed later. */
    Optional<Problem> mistake() {
        return status >= CLIENT_ERROR && status < SERVER_ERROR ? Problem.of(this) : Optional.empty();
    }

    /** A denial of a limit, which is an answer and no failure. */
    boolean denial() {
        return body.at("decision").text().filter("denied"::equals).isPresent()
                && !body.at("violations").items().isEmpty();
    }
}
