package dev.quotary.api;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * What the API runs on.
 *
 * @param blocking runs what may block; a virtual thread each
 * @param ready whether the server can do its work now; must not block
 */
public record ApiRuntime(InstantSource clock, Executor blocking, BooleanSupplier ready, ApiOptions options) {}
