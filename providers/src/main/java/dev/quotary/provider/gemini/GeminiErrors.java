package dev.quotary.provider.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.Refusal;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.RetryAdvice;
import dev.quotary.provider.Throttle;
import dev.quotary.provider.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Refusals in Google's shape: {@code {"error":{"code","message","status","details"}}}. A client that asked for a stream as an array gets it
 * as the only element of one.
 */
final class GeminiErrors implements ErrorShape {
    private static final String TYPE = "type.googleapis.com/google.rpc.";
    private static final byte[] OPEN = {'['};
    private static final byte[] CLOSE = {'\n', ']', '\n'};
    private static final byte[] BETWEEN = {',', '\r', '\n'};
    private static final byte[] END_OF_EVENT = {'\r', '\n', '\r', '\n'};

    private final Json json;
    private final boolean array;

    /** @param array whether the client reads one array */
    GeminiErrors(Json json, boolean array) {
        this.json = json;
        this.array = array;
    }

    @Override
    public byte[] body(RefusalMessage message) {
        return body(message, Optional.empty());
    }

    @Override
    public byte[] body(RefusalMessage message, Throttle throttle) {
        return body(message, Optional.of(throttle));
    }

    private byte[] body(RefusalMessage message, Optional<Throttle> throttle) {
        var out = new ByteArrayOutputStream(512);
        if (array) {
            out.writeBytes(OPEN);
        }
        write(message, throttle, out);
        if (array) {
            out.writeBytes(CLOSE);
        }
        return out.toByteArray();
    }

    /**
     * The event that ends a stream of events.
     *
     * @param withinEvent whether the last event of the stream still lacks its end
     */
    byte[] event(RefusalMessage message, boolean withinEvent) {
        var out = new ByteArrayOutputStream(512);
        if (withinEvent) {
            out.writeBytes(END_OF_EVENT);
        }
        out.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
        write(message, Optional.empty(), out);
        out.writeBytes(END_OF_EVENT);
        return out.toByteArray();
    }

    /**
     * The last element of an array, and its end.
     *
     * @param first whether nothing of the array was given before
     */
    byte[] element(RefusalMessage message, boolean first) {
        var out = new ByteArrayOutputStream(512);
        out.writeBytes(first ? OPEN : BETWEEN);
        write(message, Optional.empty(), out);
        out.writeBytes(CLOSE);
        return out.toByteArray();
    }

    private void write(RefusalMessage message, Optional<Throttle> throttle, ByteArrayOutputStream out) {
        try (JsonGenerator generator = json.generator(out)) {
            generator.writeStartObject();
            generator.writeObjectFieldStart("error");
            generator.writeNumberField("code", message.kind().status());
            generator.writeStringField("message", encodable(message.text()));
            generator.writeStringField("status", status(message.kind()));
            details(message, throttle, generator);
            generator.writeEndObject();
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory failed", e);
        }
    }

    private static void details(RefusalMessage message, Optional<Throttle> throttle, JsonGenerator generator)
            throws IOException {
        generator.writeArrayFieldStart("details");
        generator.writeStartObject();
        generator.writeStringField("@type", TYPE + "ErrorInfo");
        String reason =
                message.code().map(code -> code.toUpperCase(Locale.ROOT)).orElse(reason(message.kind()));
        generator.writeStringField("reason", encodable(reason));
        generator.writeStringField("domain", "quotary");
        generator.writeEndObject();
        if (message.param().isPresent()) {
            generator.writeStartObject();
            generator.writeStringField("@type", TYPE + "BadRequest");
            generator.writeArrayFieldStart("fieldViolations");
            generator.writeStartObject();
            generator.writeStringField("field", encodable(message.param().get()));
            generator.writeStringField("description", encodable(message.text()));
            generator.writeEndObject();
            generator.writeEndArray();
            generator.writeEndObject();
        }
        if (throttle.isPresent()) {
            generator.writeStartObject();
            generator.writeStringField("@type", TYPE + "RetryInfo");
            generator.writeStringField("retryDelay", delay(throttle.get()));
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }

    /** A duration as Protocol Buffers write it in JSON. */
    private static String delay(Throttle throttle) {
        var seconds = BigDecimal.valueOf(throttle.retryInMillis(), 3).stripTrailingZeros();
        return (seconds.scale() < 0 ? seconds.setScale(0) : seconds).toPlainString() + "s";
    }

    /** Half surrogate pairs, which a quoted model name may hold, have no UTF-8; they become question marks. */
    private static String encodable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static String status(Refusal kind) {
        return switch (kind) {
            case INVALID_REQUEST, TOO_LARGE -> "INVALID_ARGUMENT";
            case UNAUTHENTICATED -> "UNAUTHENTICATED";
            case QUOTA_EXHAUSTED, QUOTA_AS_RATE, REQUESTS_THROTTLED, TOKENS_THROTTLED -> "RESOURCE_EXHAUSTED";
            case FORBIDDEN -> "PERMISSION_DENIED";
            case MODEL_UNKNOWN -> "NOT_FOUND";
            case INTERNAL -> "INTERNAL";
            case PROVIDER_FAILED, UNAVAILABLE -> "UNAVAILABLE";
            case PROVIDER_SLOW -> "DEADLINE_EXCEEDED";
        };
    }

    private static String reason(Refusal kind) {
        return switch (kind) {
            case INVALID_REQUEST -> "INVALID_REQUEST";
            case UNAUTHENTICATED -> "API_KEY_INVALID";
            case QUOTA_EXHAUSTED, QUOTA_AS_RATE -> "QUOTARY_LIMIT_REACHED";
            case FORBIDDEN -> "PERMISSION_DENIED";
            case MODEL_UNKNOWN -> "MODEL_NOT_FOUND";
            case TOO_LARGE -> "REQUEST_TOO_LARGE";
            case REQUESTS_THROTTLED, TOKENS_THROTTLED -> "QUOTARY_RATE_LIMITED";
            case INTERNAL -> "INTERNAL";
            case PROVIDER_FAILED -> "PROVIDER_FAILED";
            case UNAVAILABLE -> "UNAVAILABLE";
            case PROVIDER_SLOW -> "PROVIDER_TIMEOUT";
        };
    }

    /** Google's Java SDK repeats every 429 four times, for up to half a minute, whatever it is told. */
    @Override
    public Refusal quotaAsRate() {
        return Refusal.QUOTA_EXHAUSTED;
    }

    /** Google's own SDKs do not look at them, but others do. */
    @Override
    public Map<String, String> headers(Refusal kind) {
        return RetryAdvice.headers(kind);
    }

    @Override
    public Map<String, String> headers(Throttle throttle) {
        return RetryAdvice.headers(throttle);
    }
}
