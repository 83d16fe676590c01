package dev.quotary.server.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of one name, told apart by labels. Their values come from enums, HTTP statuses and the configuration alone, never from
 * callers: there are only so many. Safe for many threads, none of which waits.
 */
final class CountersBy {
    private final String name;
    private final String help;
    private final String[] labels;
    private final ConcurrentMap<List<String>, LongAdder> counters = new ConcurrentHashMap<>();

    CountersBy(String name, String help, String... labels) {
        this.name = name;
        this.help = help;
        this.labels = labels.clone();
    }

    /** The counter of some values of the labels, in their order; hot paths keep it. */
    LongAdder of(String... values) {
        var key = List.of(values);
        var known = counters.get(key);
        return known == null ? counters.computeIfAbsent(key, _ -> new LongAdder()) : known;
    }

    CounterSnapshot snapshot() {
        var snapshot = CounterSnapshot.builder().name(name).help(help);
        counters.forEach((values, counter) -> snapshot.dataPoint(CounterDataPointSnapshot.builder()
                .labels(Labels.of(labels, values.toArray(String[]::new)))
                .value((double) counter.sum())
                .build()));
        return snapshot.build();
    }
}
