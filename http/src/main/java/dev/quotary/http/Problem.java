package dev.quotary.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * An RFC 9457 problem.
 *
 * @param status of the answer; the code's own but for refusals, whose limits choose between 402 and 429
 * @param detail for people, about this one occurrence; never carries a secret
 * @param more writes further members
 */
public record Problem(ErrorCode code, int status, String detail, Members more) {
    public static final String CONTENT_TYPE = "application/problem+json";

    /** Writes members of an object that is open. */
    @FunctionalInterface
    public interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    public static Problem of(ErrorCode code, String detail) {
        return new Problem(code, code.status(), detail, _ -> {});
    }

    /** The problem of input that cannot be accepted; names the place. */
    public static Problem of(InvalidInputException e) {
        return new Problem(ErrorCode.INVALID_REQUEST, ErrorCode.INVALID_REQUEST.status(), e.located(), json -> {
            if (e.parameter().isEmpty()) {
                json.writeStringField("pointer", e.pointer());
            } else {
                json.writeStringField("parameter", e.parameter());
            }
            json.writeStringField("expected", e.expected());
        });
    }

    public void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", code.type());
        json.writeStringField("title", code.title());
        json.writeNumberField("status", status);
        json.writeStringField("detail", detail);
        json.writeStringField("error", detail);
        json.writeStringField("code", code.name());
        more.write(json);
        json.writeEndObject();
    }
}
