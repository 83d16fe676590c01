package dev.quotary.simulator;

import io.vertx.core.Vertx;
import java.time.Duration;

/** Lets a step run later, on the event loop that asked; tests put their own in its place, so that they need not wait. */
interface Delays {
    Pending after(Duration delay, Runnable step);

    /** A step that has not run yet. */
    interface Pending {
        Pending NONE = () -> {};

        /** Frees the timer; does nothing if the step has run, or was not delayed by a timer but by a turn of the event loop. */
        void cancel();
    }

    static Delays of(Vertx vertx) {
        return (delay, step) -> {
            if (delay.isZero()) {
                vertx.runOnContext(_ -> step.run());
                return Pending.NONE;
            }
            long timer = vertx.setTimer(delay.toMillis(), _ -> step.run());
            return () -> vertx.cancelTimer(timer);
        };
    }
}
