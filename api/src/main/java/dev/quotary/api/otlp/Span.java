package dev.quotary.api.otlp;

import dev.quotary.http.InvalidInputException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One span, as far as usage needs it.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param startNanos since 1970
 * @param failed whether its status says error
 * @param attributes its own, over those of its resource; texts, numbers and truth values as text
 */
public record Span(
        String traceId, String spanId, long startNanos, long endNanos, boolean failed, Map<String, String> attributes) {
    /** Most spans of a request. */
    public static final int SPANS_MAX = 10_000;

    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern SPAN = Pattern.compile("[0-9a-f]{16}");

    public Span {
        attributes = Map.copyOf(attributes);
        if (!TRACE.matcher(traceId).matches() || !SPAN.matcher(spanId).matches()) {
            throw new InvalidInputException("", 0, "expected spans with a trace id of 16 bytes and a span id of 8");
        }
    }

    /** Tells spans apart. */
    public String id() {
        return traceId + "-" + spanId;
    }
}
