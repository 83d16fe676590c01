package dev.quotary.sql.query;

import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Value;
import dev.quotary.sql.Columns;
import dev.quotary.sql.Saturating;
import java.sql.SQLException;

/** How a measure is reckoned from rows, and read from an answer. */
final class Reckoning {
    private Reckoning() {}

    /** Whether the rollups know it. */
    static boolean rolledUp(Measure measure) {
        return switch (measure.kind()) {
            case SUM -> true;
            case MEAN -> measure != Measure.SESSION_LENGTH;
            case DISTINCT -> measure == Measure.SUBJECTS;
            case PERCENTILE -> false;
        };
    }

    /** Whether it is reckoned from the sessions of a group instead of its rows. */
    static boolean ofSessions(Measure measure) {
        return measure == Measure.SESSION_LENGTH;
    }

    /** The column of a sum, or of what a mean divides, as the hourly rollup names it. */
    static String column(Measure measure) {
        return switch (measure) {
            case EVENTS, SUCCESS_RATE, SUBJECTS, SESSIONS, SESSION_LENGTH -> "events";
            case ERRORS -> "errors";
            case REQUESTS -> "requests";
            case TOKENS -> "tokens";
            case TOKENS_INPUT -> "tokens_input";
            case TOKENS_OUTPUT -> "tokens_output";
            case COST -> "cost";
            case BUCKET_INPUT -> "input";
            case BUCKET_CACHED_INPUT -> "cached_input";
            case BUCKET_CACHE_WRITE_5M -> "cache_write_5m";
            case BUCKET_CACHE_WRITE_1H -> "cache_write_1h";
            case BUCKET_INPUT_AUDIO -> "input_audio";
            case BUCKET_OUTPUT -> "output";
            case BUCKET_OUTPUT_AUDIO -> "output_audio";
            case BUCKET_REASONING -> "reasoning";
            case QUEUE_WAIT -> "queue_wait_ms";
            case LATENCY, LATENCY_P50, LATENCY_P90, LATENCY_P95, LATENCY_P99 -> "latency_ms";
        };
    }

    /** An expression over a row {@code r} of a source. */
    static String column(String name, Source source) {
        if (source != Source.EVENTS) {
            return "r." + name;
        }
        return switch (name) {
            case "events" -> "1";
            case "errors" -> "CASE r.outcome WHEN 1 THEN 1 ELSE 0 END";
            case "cost" -> "coalesce(r.corrected_cost, r.cost)";
            default -> "r." + name;
        };
    }

    /** What tells sessions apart: two names never look the same, whatever is in them. */
    static final String SESSION =
            "CASE WHEN r.session IS NOT NULL THEN length(coalesce(r.subject, '')) || ':' || coalesce(r.subject, '') || r.session END";

    /** Who a row is of; null for nobody. */
    static String who() {
        return "nullif(coalesce(r." + BuiltIn.SUBJECT.key() + ", ''), '')";
    }

    /** Columns of an answer, over rows {@code u} with what {@link Cube} selects. */
    static String aggregates(Measure measure) {
        return switch (measure.kind()) {
            case SUM -> Saturating.sumSql(column(measure));
            case MEAN ->
                switch (measure) {
                    case SUCCESS_RATE -> Saturating.sumSql("(events - errors)") + ", " + Saturating.sumSql("events");
                    case SESSION_LENGTH -> Saturating.sumSql("length_ms") + ", count(*)";
                    default -> Saturating.sumSql(column(measure)) + ", " + Saturating.sumSql("events");
                };
            case DISTINCT -> measure == Measure.SUBJECTS ? "count(DISTINCT who)" : "count(DISTINCT session_name)";
            case PERCENTILE ->
                "min(CASE WHEN latency_rank * 100 >= " + measure.percent() + " * latency_count THEN latency_ms END)";
        };
    }

    static Value read(Measure measure, Columns columns) throws SQLException {
        return switch (measure.kind()) {
            case SUM -> Value.of(Saturating.sum(columns.number(), columns.number()));
            case MEAN -> measure == Measure.SESSION_LENGTH ? perSession(columns) : mean(columns);
            case DISTINCT, PERCENTILE -> Value.of(columns.number());
        };
    }

    private static Value mean(Columns columns) throws SQLException {
        long sum = Saturating.sum(columns.number(), columns.number());
        return Value.of(sum, Saturating.sum(columns.number(), columns.number()));
    }

    private static Value perSession(Columns columns) throws SQLException {
        return Value.of(Saturating.sum(columns.number(), columns.number()), columns.number());
    }

    /** What a measure is where a group has no row. */
    static Value none(Measure measure) {
        return switch (measure.kind()) {
            case SUM, DISTINCT -> Value.of(0);
            case MEAN, PERCENTILE -> Value.NOTHING;
        };
    }
}
