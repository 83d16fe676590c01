package dev.quotary.api;

import dev.quotary.usage.CounterPages;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * What the API runs on.
 *
 * @param blocking runs what may block; a virtual thread each
 * @param ready whether the server can do its work now; must not block
 * @param counters compares what is decided by with what it must be; empty where nobody looks
 */
public record ApiRuntime(
        InstantSource clock,
        Executor blocking,
        BooleanSupplier ready,
        ApiOptions options,
        Optional<CounterPages> counters) {
    public ApiRuntime(InstantSource clock, Executor blocking, BooleanSupplier ready, ApiOptions options) {
        this(clock, blocking, ready, options, Optional.empty());
    }

    public ApiRuntime with(CounterPages audit) {
        return new ApiRuntime(clock, blocking, ready, options, Optional.of(audit));
    }
}
