package dev.quotary.gateway;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Notices a provider that falls silent in the middle of its answer. For one event loop.
 *
 * <p>It looks once per time-out whether anything came since, so that a piece costs a counter and no timer; the price is that silence is
 * noticed after one to two time-outs.
 */
final class SilenceWatch {
    private final Vertx vertx;
    private final long timeoutMillis;
    private final BooleanSupplier paused;
    private final Runnable silent;
    private long heard;
    private long timer;

    private SilenceWatch(Vertx vertx, Duration timeout, BooleanSupplier paused, Runnable silent) {
        this.vertx = vertx;
        this.timeoutMillis = Math.max(1, timeout.toMillis());
        this.paused = paused;
        this.silent = silent;
    }

    /**
     * @param paused whether it is us who do not read just now, as the client lags
     * @param silent what to do then, once
     */
    static SilenceWatch start(Vertx vertx, Duration timeout, BooleanSupplier paused, Runnable silent) {
        var watch = new SilenceWatch(vertx, timeout, paused, silent);
        watch.lookAgain();
        return watch;
    }

    void heard() {
        heard++;
    }

    /** Gives the timer back at once, which would keep an ended call in memory until it fires. */
    void end() {
        vertx.cancelTimer(timer);
    }

    private void lookAgain() {
        long before = heard;
        timer = vertx.setTimer(timeoutMillis, _ -> {
            if (heard != before || paused.getAsBoolean()) {
                lookAgain();
            } else {
                silent.run();
            }
        });
    }
}
