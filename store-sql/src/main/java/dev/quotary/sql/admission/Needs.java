package dev.quotary.sql.admission;

import dev.quotary.limit.CounterKey;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * What a group of steps depends on.
 *
 * @param organizations in the order in which they are locked
 * @param second the latest moment that a step of the group was asked at: waiting together, they are decided at one moment
 */
record Needs(SortedSet<String> organizations, Set<HoldKey> reservations, Set<CounterKey> counters, long second) {

    static Needs of(Collection<? extends Step<?>> steps) {
        var organizations = new TreeSet<String>();
        var reservations = new LinkedHashSet<HoldKey>();
        var counters = new LinkedHashSet<CounterKey>();
        long second = Long.MIN_VALUE;
        for (var step : steps) {
            organizations.add(step.organization().value());
            var reservation = step.reservation();
            if (reservation != null) {
                reservations.add(reservation);
            }
            counters.addAll(step.counters());
            second = Math.max(second, step.now().getEpochSecond());
        }
        return new Needs(organizations, reservations, counters, second);
    }

    String[] locks() {
        return organizations.toArray(String[]::new);
    }

    static String[] organizationsOf(Collection<HoldKey> keys) {
        return keys.stream().map(key -> key.organization().value()).toArray(String[]::new);
    }

    static byte[][] idsOf(Collection<HoldKey> keys) {
        return keys.stream().map(key -> HoldBytes.id(key.id())).toArray(byte[][]::new);
    }

    /** The names of counters as arrays: in full, and by their digests. */
    static Object[] columns(List<CounterKey> counters) {
        int size = counters.size();
        var organizations = new String[size];
        var counted = new String[size];
        var starts = new Long[size];
        var scopeValues = new String[size];
        var digests = new byte[size][];
        for (int i = 0; i < size; i++) {
            var counter = counters.get(i);
            organizations[i] = counter.organization().value();
            counted[i] = counter.text();
            starts[i] = Micros.of(counter.window().start());
            scopeValues[i] = counter.scopeValue();
            digests[i] = CounterDigest.of(counter);
        }
        return new Object[] {organizations, counted, starts, scopeValues, digests};
    }

    /** As {@link #columns(List)}, with something else than the start of each window. */
    static Object[] columns(List<CounterKey> counters, ToLongFunction<CounterKey> start) {
        var columns = columns(counters);
        columns[2] = counters.stream().map(start::applyAsLong).toArray(Long[]::new);
        return columns;
    }

    /** The short names of counters as arrays. */
    static Object[] shortColumns(List<CounterKey> counters) {
        int size = counters.size();
        var organizations = new String[size];
        var digests = new byte[size][];
        var starts = new Long[size];
        for (int i = 0; i < size; i++) {
            var counter = counters.get(i);
            organizations[i] = counter.organization().value();
            digests[i] = CounterDigest.of(counter);
            starts[i] = Micros.of(counter.window().start());
        }
        return new Object[] {organizations, digests, starts};
    }
}
