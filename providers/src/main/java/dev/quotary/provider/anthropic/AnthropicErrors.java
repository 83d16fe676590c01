package dev.quotary.provider.anthropic;

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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Refusals in Anthropic's shape: {@code {"type":"error","error":{"type","message","details":{"error_code"}},"request_id"}}. In a stream
 * the same object is an event; without it the SDKs end their loop as if the answer were complete.
 */
final class AnthropicErrors implements ErrorShape {
    private final Json json;
    private final InstantSource clock;
    private final Optional<String> requestId;

    /** @param clock tells when a throttled caller may come back */
    AnthropicErrors(Json json, InstantSource clock) {
        this(json, clock, Optional.empty());
    }

    private AnthropicErrors(Json json, InstantSource clock, Optional<String> requestId) {
        this.json = json;
        this.clock = clock;
        this.requestId = requestId;
    }

    @Override
    public ErrorShape ofRequest(Supplier<String> id) {
        return new AnthropicErrors(json, clock, Optional.of(id.get()));
    }

    @Override
    public byte[] body(RefusalMessage message) {
        var out = new ByteArrayOutputStream(256);
        write(message, out);
        return out.toByteArray();
    }

    /** The event that ends a running stream, whole, with its blank line. */
    byte[] event(RefusalMessage message) {
        var out = new ByteArrayOutputStream(256);
        out.writeBytes("event: error\ndata: ".getBytes(StandardCharsets.US_ASCII));
        write(message, out);
        out.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private void write(RefusalMessage message, ByteArrayOutputStream out) {
        try (JsonGenerator generator = json.generator(out)) {
            generator.writeStartObject();
            generator.writeStringField("type", "error");
            generator.writeObjectFieldStart("error");
            generator.writeStringField("type", type(message.kind()));
            generator.writeStringField("message", encodable(message.text()));
            var code = message.code().or(() -> code(message.kind()));
            if (code.isPresent()) {
                generator.writeObjectFieldStart("details");
                generator.writeStringField("error_code", encodable(code.get()));
                generator.writeEndObject();
            }
            generator.writeEndObject();
            generator.writeFieldName("request_id");
            generator.writeString(requestId.orElse(null));
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory failed", e);
        }
    }

    /** Half surrogate pairs, which a quoted model name may hold, have no UTF-8; they become question marks. */
    private static String encodable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static String type(Refusal kind) {
        return switch (kind) {
            case INVALID_REQUEST -> "invalid_request_error";
            case UNAUTHENTICATED -> "authentication_error";
            case QUOTA_EXHAUSTED -> "billing_error";
            case FORBIDDEN -> "permission_error";
            case MODEL_UNKNOWN -> "not_found_error";
            case TOO_LARGE -> "request_too_large";
            case QUOTA_AS_RATE, REQUESTS_THROTTLED, TOKENS_THROTTLED -> "rate_limit_error";
            case INTERNAL, PROVIDER_FAILED, UNAVAILABLE -> "api_error";
            case PROVIDER_SLOW -> "timeout_error";
        };
    }

    private static Optional<String> code(Refusal kind) {
        return switch (kind) {
            case QUOTA_EXHAUSTED, QUOTA_AS_RATE -> Optional.of("quotary_limit_reached");
            case REQUESTS_THROTTLED, TOKENS_THROTTLED -> Optional.of("quotary_rate_limited");
            case INVALID_REQUEST,
                    UNAUTHENTICATED,
                    FORBIDDEN,
                    MODEL_UNKNOWN,
                    TOO_LARGE,
                    INTERNAL,
                    PROVIDER_FAILED,
                    UNAVAILABLE,
                    PROVIDER_SLOW -> Optional.empty();
        };
    }

    @Override
    public Map<String, String> headers(Refusal kind) {
        Map<String, String> headers = new LinkedHashMap<>(RetryAdvice.headers(kind));
        requestId.ifPresent(id -> headers.put("request-id", id));
        return Collections.unmodifiableMap(headers);
    }

    /** These SDKs sleep as long as they are told: beyond what a caller sits out they are told not to repeat the call. */
    @Override
    public Map<String, String> headers(Throttle throttle) {
        String rate = switch (throttle.rate()) {
            case REQUESTS -> "requests";
            case TOKENS -> "tokens";
        };
        Map<String, String> headers = new LinkedHashMap<>(RetryAdvice.headers(throttle));
        headers.put("anthropic-ratelimit-" + rate + "-limit", Long.toString(throttle.max()));
        headers.put("anthropic-ratelimit-" + rate + "-remaining", Long.toString(throttle.remaining()));
        headers.put("anthropic-ratelimit-" + rate + "-reset", reset(throttle).toString());
        return Collections.unmodifiableMap(headers);
    }

    /** In whole seconds, rounded up: a client that comes back on time must not be early. */
    private Instant reset(Throttle throttle) {
        return clock.instant()
                .plusMillis(throttle.retryInMillis())
                .plusNanos(999_999_999)
                .truncatedTo(ChronoUnit.SECONDS);
    }
}
