package dev.quotary.api;

import dev.quotary.http.Answers;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Problem;
import io.vertx.core.http.HttpServerResponse;

/** An answer that is ready to be sent. */
@FunctionalInterface
interface Reply {
    int OK = 200;
    int CREATED = 201;
    int ACCEPTED = 202;
    int NO_CONTENT = 204;
    int NOT_MODIFIED = 304;

    /** Called once, on the event loop of the request. */
    void send(HttpServerResponse response);

    static Reply json(int status, Answers.Writer writer) {
        return response -> Answers.json(response, status, writer);
    }

    static Reply problem(Problem problem) {
        return response -> Answers.problem(response, problem);
    }

    static Reply problem(ErrorCode code, String detail) {
        return problem(Problem.of(code, detail));
    }
}
