package dev.quotary.server.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;

/** Metrics with a single value. */
public final class Snapshots {
    private Snapshots() {}

    public static CounterSnapshot counter(String name, String help, long value) {
        return seconds(name, help, (double) value);
    }

    /** A counter that is no whole number. */
    static CounterSnapshot seconds(String name, String help, double value) {
        var point = CounterDataPointSnapshot.builder().value(value).build();
        return CounterSnapshot.builder().name(name).help(help).dataPoint(point).build();
    }

    public static GaugeSnapshot gauge(String name, String help, long value) {
        return level(name, help, (double) value);
    }

    /** A gauge that is no whole number. */
    static GaugeSnapshot level(String name, String help, double value) {
        var point = GaugeDataPointSnapshot.builder().value(value).build();
        return GaugeSnapshot.builder().name(name).help(help).dataPoint(point).build();
    }

    /** A gauge for each of some things. */
    public static GaugeSnapshot gauges(String name, String help, String label, Map<String, Integer> values) {
        var snapshot = GaugeSnapshot.builder().name(name).help(help);
        values.forEach((thing, value) -> snapshot.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of(label, thing))
                .value((double) value)
                .build()));
        return snapshot.build();
    }

    static HistogramSnapshot histogram(String name, String help, LatencyHistogram histogram) {
        return HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(histogram.snapshot())
                .build();
    }
}
