package dev.quotary.gateway;

import io.vertx.core.Handler;
import java.util.function.Consumer;

/**
 * Steps of a call on its event loop. What a step throws is our bug, and nobody is told of it there: the client would wait for ever, and
 * what the call occupies at its provider would never be given back. So the call is ended by whatever made the step.
 */
final class Steps {
    private Steps() {}

    /** A step that tells {@code broke} what it throws, and throws nothing. */
    static <T> Handler<T> guarded(Consumer<Throwable> broke, Handler<? super T> step) {
        return value -> run(broke, () -> step.handle(value));
    }

    /** Takes a step at once. */
    static void run(Consumer<Throwable> broke, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            broke.accept(e);
        }
    }
}
