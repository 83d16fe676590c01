package dev.quotary.simulator;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Delays that last until the test ends them. */
final class HandDelays implements Delays {
    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();

    @Override
    public Pending after(Duration delay, Runnable step) {
        var waiting = new Step(delay, step, Objects.requireNonNull(Vertx.currentContext()), new CompletableFuture<>());
        steps.add(waiting);
        return () -> waiting.cancelled().complete(null);
    }

    /** The next step that was put off; waits for it. */
    Step next() throws InterruptedException {
        return Objects.requireNonNull(steps.poll(TestProvider.WAIT_SECONDS, TimeUnit.SECONDS), "nothing was delayed");
    }

    boolean nothingWaits() {
        return steps.isEmpty();
    }

    record Step(Duration delay, Runnable step, Context loop, CompletableFuture<@Nullable Void> cancelled) {
        void run() {
            loop.runOnContext(_ -> step.run());
        }
    }
}
