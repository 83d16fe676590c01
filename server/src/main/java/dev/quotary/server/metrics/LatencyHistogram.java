package dev.quotary.server.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** How often something took how long. Safe for many threads, none of which waits. */
final class LatencyHistogram {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long[] BOUNDS_MICROS = {
        100,
        250,
        500,
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        10_000_000
    };

    private final LongAdder[] counts =
            Stream.generate(LongAdder::new).limit(BOUNDS_MICROS.length + 1L).toArray(LongAdder[]::new);
    private final LongAdder nanosSum = new LongAdder();

    void record(long nanos) {
        long micros = nanos / 1_000;
        int bucket = 0;
        while (bucket < BOUNDS_MICROS.length && micros > BOUNDS_MICROS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        nanosSum.add(nanos);
    }

    HistogramDataPointSnapshot snapshot() {
        double[] bounds = new double[counts.length];
        long[] values = new long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            bounds[i] = i < BOUNDS_MICROS.length ? BOUNDS_MICROS[i] / 1e6 : Double.POSITIVE_INFINITY;
            values[i] = counts[i].sum();
        }
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, values))
                .sum(nanosSum.sum() / NANOS_PER_SECOND)
                .build();
    }
}
