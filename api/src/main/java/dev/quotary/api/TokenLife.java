package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.http.Fields;
import dev.quotary.http.Times;
import dev.quotary.http.TokenClaims;
import java.io.IOException;
import java.time.Duration;

/** How long a kind of token may live, and how a new one is told. */
record TokenLife(Duration min, Duration max, Duration otherwise) {
    /** As {@code ttl_seconds} says it. */
    Duration read(Fields fields) {
        return fields.find("ttl_seconds")
                .map(value -> Duration.ofSeconds(value.integer(min.toSeconds(), max.toSeconds())))
                .orElse(otherwise);
    }

    /** Members of an open object. */
    static void write(JsonGenerator json, String token, TokenClaims claims) throws IOException {
        json.writeStringField("token", token);
        json.writeStringField("organization", claims.organization().value());
        json.writeStringField("subject", claims.subject().value());
        json.writeStringField("expires_at", Times.text(claims.expiresAt()));
    }
}
