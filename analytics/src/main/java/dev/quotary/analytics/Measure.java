package dev.quotary.analytics;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What can be asked about a set of events.
 *
 * <p>Costs count in picodollars and follow the last {@linkplain dev.quotary.ledger.Correction correction} of each event; token counts are in
 * tokens, times in milliseconds.
 */
public enum Measure {
    EVENTS("events", Kind.SUM),
    /** Events of outcome {@code error}. */
    ERRORS("errors", Kind.SUM),
    REQUESTS("requests", Kind.SUM),
    TOKENS("tokens", Kind.SUM),
    TOKENS_INPUT("tokens.input", Kind.SUM),
    TOKENS_OUTPUT("tokens.output", Kind.SUM),
    COST("cost", Kind.SUM),

    /** The disjoint buckets of {@link dev.quotary.price.TokenUsage} that the rollups keep. */
    BUCKET_INPUT("bucket.input", Kind.SUM),
    BUCKET_CACHED_INPUT("bucket.cached_input", Kind.SUM),
    BUCKET_CACHE_WRITE_5M("bucket.cache_write_5m", Kind.SUM),
    BUCKET_CACHE_WRITE_1H("bucket.cache_write_1h", Kind.SUM),
    BUCKET_INPUT_AUDIO("bucket.input_audio", Kind.SUM),
    BUCKET_OUTPUT("bucket.output", Kind.SUM),
    BUCKET_OUTPUT_AUDIO("bucket.output_audio", Kind.SUM),
    /** Part of {@link #BUCKET_OUTPUT}. */
    BUCKET_REASONING("bucket.reasoning", Kind.SUM),

    /** Mean time from the call to the provider's last byte: all latencies by all events. */
    LATENCY("latency_ms", Kind.MEAN),
    /** Mean wait before the call was made: all waits by all events. */
    QUEUE_WAIT("queue_wait_ms", Kind.MEAN),
    /** Events that did not end in an error, by all events. Cancelled and interrupted calls did not. */
    SUCCESS_RATE("success_rate", Kind.MEAN),

    /** Different subjects that used something. */
    SUBJECTS("subjects", Kind.DISTINCT),
    /** Different sessions, each told apart by its subject and its name. */
    SESSIONS("sessions", Kind.DISTINCT),
    /** Mean time from a session's first event to its last one: all such times by all sessions. */
    SESSION_LENGTH("session_length_ms", Kind.MEAN),

    /** Nearest rank: the smallest latency that at least so many percent of the events do not exceed. Exact, not interpolated. */
    LATENCY_P50("latency_ms.p50", 50),
    LATENCY_P90("latency_ms.p90", 90),
    LATENCY_P95("latency_ms.p95", 95),
    LATENCY_P99("latency_ms.p99", 99);

    /** How values of a measure behave. */
    public enum Kind {
        /** Adds up over time and groups; 0 where there is nothing. A {@link Value.Whole}. */
        SUM,
        /** A quotient of two sums. A {@link Value.Quotient}; nothing where there is nothing to divide by. */
        MEAN,
        /** Does not add up: somebody may be in several groups. A {@link Value.Whole}; 0 where there is nothing. */
        DISTINCT,
        /** Does not add up. A {@link Value.Whole}; nothing where there are no events. */
        PERCENTILE
    }

    private final String key;
    private final Kind kind;
    private final int percent;

    Measure(String key, Kind kind) {
        this.key = key;
        this.kind = kind;
        this.percent = 0;
    }

    Measure(String key, int percent) {
        this.key = key;
        this.kind = Kind.PERCENTILE;
        this.percent = percent;
    }

    /** The name in queries and JSON, such as {@code tokens.input}. */
    public String key() {
        return key;
    }

    public Kind kind() {
        return kind;
    }

    /** Of a percentile, how many percent; 0 of others. */
    public int percent() {
        return percent;
    }

    /** The measure of a {@link #key}. */
    public static Optional<Measure> ofKey(String key) {
        return Stream.of(values()).filter(measure -> measure.key.equals(key)).findFirst();
    }

    /** Those of a kind. */
    public static List<Measure> of(Kind kind) {
        return Stream.of(values()).filter(measure -> measure.kind == kind).toList();
    }
}
