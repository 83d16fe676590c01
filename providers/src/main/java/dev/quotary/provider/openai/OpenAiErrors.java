package dev.quotary.provider.openai;

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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refusals in OpenAI's shape: {@code {"error":{"message","type","param","code"}}}, all four always there. In a stream the same object is
 * an event; without it the SDKs end their loop as if the answer were complete.
 */
public final class OpenAiErrors implements ErrorShape {
    private final Json json;

    public OpenAiErrors(Json json) {
        this.json = json;
    }

    @Override
    public byte[] body(RefusalMessage message) {
        var out = new ByteArrayOutputStream(256);
        write(message, out);
        return out.toByteArray();
    }

    /** The event that ends a running stream, whole, with its blank line. */
    public byte[] event(RefusalMessage message) {
        var out = new ByteArrayOutputStream(256);
        out.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
        write(message, out);
        out.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** The event that ends a running stream of a response, whole, with its blank line. */
    public byte[] responseEvent(RefusalMessage message, long sequenceNumber) {
        var out = new ByteArrayOutputStream(256);
        out.writeBytes("event: error\ndata: ".getBytes(StandardCharsets.US_ASCII));
        try (JsonGenerator generator = json.generator(out)) {
            generator.writeStartObject();
            generator.writeStringField("type", "error");
            writeNullable(generator, "code", message.code().orElse(code(message.kind())));
            generator.writeStringField("message", encodable(message.text()));
            writeNullable(generator, "param", message.param().orElse(null));
            generator.writeNumberField("sequence_number", sequenceNumber);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory failed", e);
        }
        out.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private void write(RefusalMessage message, ByteArrayOutputStream out) {
        try (JsonGenerator generator = json.generator(out)) {
            generator.writeStartObject();
            generator.writeObjectFieldStart("error");
            generator.writeStringField("message", encodable(message.text()));
            generator.writeStringField("type", type(message.kind()));
            writeNullable(generator, "param", message.param().orElse(null));
            writeNullable(generator, "code", message.code().orElse(code(message.kind())));
            generator.writeEndObject();
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory failed", e);
        }
    }

    private static void writeNullable(JsonGenerator generator, String name, @Nullable String text) throws IOException {
        if (text == null) {
            generator.writeNullField(name);
        } else {
            generator.writeStringField(name, encodable(text));
        }
    }

    /** Half surrogate pairs, which a quoted model name may hold, have no UTF-8; they become question marks. */
    private static String encodable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static String type(Refusal kind) {
        return switch (kind) {
            case INVALID_REQUEST, UNAUTHENTICATED, FORBIDDEN, MODEL_UNKNOWN, TOO_LARGE -> "invalid_request_error";
            case QUOTA_EXHAUSTED, QUOTA_AS_RATE -> "insufficient_quota";
            case REQUESTS_THROTTLED -> "requests";
            case TOKENS_THROTTLED -> "tokens";
            case INTERNAL, PROVIDER_FAILED, UNAVAILABLE, PROVIDER_SLOW -> "server_error";
        };
    }

    private static @Nullable String code(Refusal kind) {
        return switch (kind) {
            case INVALID_REQUEST, INTERNAL -> null;
            case UNAUTHENTICATED -> "invalid_api_key";
            case QUOTA_EXHAUSTED, QUOTA_AS_RATE -> "insufficient_quota";
            case FORBIDDEN -> "permission_denied";
            case MODEL_UNKNOWN -> "model_not_found";
            case TOO_LARGE -> "request_too_large";
            case REQUESTS_THROTTLED, TOKENS_THROTTLED -> "rate_limit_exceeded";
            case PROVIDER_FAILED -> "provider_failed";
            case UNAVAILABLE -> "unavailable";
            case PROVIDER_SLOW -> "provider_timeout";
        };
    }

    @Override
    public Map<String, String> headers(Refusal kind) {
        return RetryAdvice.headers(kind);
    }

    @Override
    public Map<String, String> headers(Throttle throttle) {
        String rate = switch (throttle.rate()) {
            case REQUESTS -> "requests";
            case TOKENS -> "tokens";
        };
        long millis = throttle.retryInMillis();
        Map<String, String> headers = new LinkedHashMap<>(RetryAdvice.headers(throttle));
        headers.put("x-ratelimit-limit-" + rate, Long.toString(throttle.max()));
        headers.put("x-ratelimit-remaining-" + rate, Long.toString(throttle.remaining()));
        headers.put("x-ratelimit-reset-" + rate, GoDuration.ofMillis(millis));
        return Collections.unmodifiableMap(headers);
    }
}
