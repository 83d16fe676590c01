package dev.quotary.simulator;

import dev.quotary.simulator.Delays.Pending;
import dev.quotary.simulator.Stamps.Stamp;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Objects;

/**
 * One request and its response. It runs on one event loop only, has at most one pending step, and drops that step when the
 * client goes: nothing is ever written to a response whose client left.
 */
final class Exchange {
    private final HttpServerRequest request;
    private final Delays delays;
    private final Stamp stamp;
    private Style style = new OpenAiStyle();
    private Pending pending = Pending.NONE;
    private boolean clientGone;

    Exchange(HttpServerRequest request, Delays delays, Stamp stamp) {
        this.request = request;
        this.delays = delays;
        this.stamp = stamp;
        request.response().closeHandler(_ -> leave());
        request.response().exceptionHandler(_ -> leave());
        request.exceptionHandler(_ -> leave());
    }

    HttpServerRequest request() {
        return request;
    }

    HttpServerResponse response() {
        return request.response();
    }

    /** Says which provider it is that answers. */
    Exchange as(Style provider) {
        style = provider;
        return this;
    }

    Stamp stamp() {
        return stamp;
    }

    /** Empty for a request target that is not a path, such as that of {@code OPTIONS *}. */
    String path() {
        return Objects.requireNonNullElse(request.path(), "");
    }

    /** Runs the step after the delay, at once if there is none, unless the client has gone by then. */
    void after(Duration delay, Runnable step) {
        if (delay.isZero()) {
            run(step);
        } else {
            later(delay, step);
        }
    }

    /** Like {@link #after}, yet never at once: without a delay, other calls of the event loop have their turn before. */
    void later(Duration delay, Runnable step) {
        if (!clientGone) {
            pending = delays.after(delay, () -> run(step));
        }
    }

    private void run(Runnable step) {
        if (clientGone) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException e) {
            // Our own bug: Vert.x logs what is thrown on, and the client must not wait for an answer that will not
            // come.
            cut();
            throw e;
        }
    }

    /** Starts a response that took {@code processing} to think of. */
    HttpServerResponse head(int status, String contentType, Duration processing) {
        var response = response().setStatusCode(status).putHeader("content-type", contentType);
        style.headers(stamp, processing).forEach(response::putHeader);
        return response;
    }

    void answer(Buffer json, Duration processing) {
        head(200, "application/json", processing).end(json);
    }

    void refuse(ProviderError error) {
        refuse(error, Duration.ZERO);
    }

    void refuse(ProviderError error, Duration processing) {
        var head = head(error.status(), "application/json", processing);
        error.headers().forEach(head::putHeader);
        head.end(Json.bytes(style.error(error, stamp)));
    }

    /** Ends the connection in the middle of whatever it carries. */
    void cut() {
        request.connection().close();
    }

    private void leave() {
        clientGone = true;
        pending.cancel();
    }
}
