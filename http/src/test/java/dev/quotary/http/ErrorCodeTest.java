package dev.quotary.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    /** Surefire starts in this module's directory. */
    private static final Path PAGE = Path.of("../docs/errors.md");

    @Test
    void a_code_never_changes_its_status() {
        // When
        var statuses = Arrays.stream(ErrorCode.values()).collect(Collectors.toMap(Enum::name, ErrorCode::status));
        // Then
        assertThat(statuses)
                .containsAllEntriesOf(Map.of(
                        "INVALID_REQUEST", 400,
                        "UNAUTHENTICATED", 401,
                        "USAGE_LIMIT_EXCEEDED", 402,
                        "FORBIDDEN", 403,
                        "SUBJECT_BLOCKED", 403,
                        "NOT_FOUND", 404,
                        "SUBJECT_UNKNOWN", 404,
                        "RESERVATION_UNKNOWN", 404,
                        "METHOD_NOT_ALLOWED", 405,
                        "IDEMPOTENCY_MISMATCH", 409))
                .containsAllEntriesOf(Map.of(
                        "RESERVATION_CLOSED", 409,
                        "BODY_TOO_LARGE", 413,
                        "UNSUPPORTED_ENCODING", 415,
                        "MODEL_NOT_PRICED", 422,
                        "RATE_LIMIT_EXCEEDED", 429,
                        "INTERNAL", 500,
                        "NOT_METERABLE", 501,
                        "PROVIDER_UNREACHABLE", 502,
                        "STORE_UNAVAILABLE", 503,
                        "PROVIDER_TIMEOUT", 504))
                .containsAllEntriesOf(Map.of(
                        "TOO_MANY_STREAMS", 429, "KEY_UNCHANGEABLE", 409, "TOKEN_EXPIRED", 401, "TOKEN_INVALID", 401))
                .containsAllEntriesOf(Map.of("UNSUPPORTED_MEDIA_TYPE", 415, "SIGNATURE_INVALID", 401))
                .containsAllEntriesOf(Map.of("VISITORS_NOT_TAKEN", 409, "VISITOR_MERGED", 409, "TOO_MANY_EVENTS", 422));
    }

    @Test
    void type_is_the_code_as_a_link() {
        // When
        var type = ErrorCode.USAGE_LIMIT_EXCEEDED.type();
        // Then
        assertThat(type).isEqualTo("https://quotary.dev/problems/usage-limit-exceeded");
    }

    /** With {@code -Dquotary.write=true} the page is written instead. */
    @Test
    void page_of_errors_is_what_the_codes_say() throws IOException {
        // Given
        if (Boolean.getBoolean("quotary.write")) {
            Files.writeString(PAGE, page());
        }
        // When
        var page = Files.readString(PAGE);
        // Then
        assertThat(page)
                .as("docs/errors.md; write it with -Dquotary.write=true")
                .isEqualTo(page());
    }

    private static String page() {
        var rows = Arrays.stream(ErrorCode.values())
                .sorted((one, other) -> Integer.compare(one.status(), other.status()))
                .map(code ->
                        "| `" + code + "` | " + code.status() + " | " + code.title() + " | " + code.help() + " |\n")
                .collect(Collectors.joining());
        return """
                # Errors

                <!-- Generated from ErrorCode: mvn -pl http test -Dtest=ErrorCodeTest -Dquotary.write=true -->

                Every error is a problem (RFC 9457, `application/problem+json`). Its `code` never changes its meaning or its status, so
                decide by it; `detail` is for people. `type` is `https://quotary.dev/problems/` and the code in lower case with hyphens.
                Behind the gateway errors have the form of the provider's own, so that its SDKs understand them.

                ```json
                {"type": "https://quotary.dev/problems/invalid-request", "title": "Invalid request", "status": 400,
                 "detail": "/quantities/requests: expected a whole number of 0..1000000000000000, was -1", "error": "…the same…",
                 "code": "INVALID_REQUEST", "pointer": "/quantities/requests",
                 "expected": "expected a whole number of 0..1000000000000000, was -1"}
                ```

                | code | status | title | when, and what to do |
                |---|---|---|---|
                """ + rows;
    }
}
