package dev.quotary.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * Holds an admitted call up, as the limit that it is beyond says: on a timer of its event loop, and only as long as its client stays.
 */
final class Delay {
    private final Vertx vertx;
    private final HttpServerResponse response;
    private final Runnable goOn;
    private final Runnable giveUp;

    /**
     * @param response tells when the client leaves
     * @param giveUp called instead of {@code goOn} if the client leaves before the time is over
     */
    Delay(Vertx vertx, HttpServerResponse response, Runnable goOn, Runnable giveUp) {
        this.vertx = vertx;
        this.response = response;
        this.goOn = goOn;
        this.giveUp = giveUp;
    }

    /** Goes on after a delay; at once if there is none. To be called on the event loop of the call. */
    void start(Duration delay) {
        if (delay.isZero()) {
            goOn.run();
            return;
        }
        long timer = vertx.setTimer(Math.max(1, delay.toMillis()), _ -> {
            response.closeHandler(null);
            goOn.run();
        });
        response.closeHandler(_ -> {
            if (vertx.cancelTimer(timer)) {
                giveUp.run();
            }
        });
    }
}
