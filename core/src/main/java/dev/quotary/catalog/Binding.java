package dev.quotary.catalog;

import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Limit;

/** A limit that applies to a call, with the counter that the call moves. */
public record Binding(Limit limit, CounterKey counter) {}
