package dev.quotary.api;

import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.http.TokenClaims;
import dev.quotary.http.Tokens;
import java.time.Duration;
import java.time.InstantSource;

/** Makes tokens with which end users look at their own use, from a browser. */
final class PortalEndpoint {
    private static final long TTL_SECONDS_MIN = 30;
    private static final long TTL_SECONDS_MAX = Duration.ofDays(1).toSeconds();
    private static final long TTL_SECONDS_DEFAULT = Duration.ofMinutes(15).toSeconds();

    private final Tokens tokens;
    private final Catalog catalog;
    private final CallReader calls;
    private final InstantSource clock;

    PortalEndpoint(Tokens tokens, Catalog catalog, CallReader calls, InstantSource clock) {
        this.tokens = tokens;
        this.catalog = catalog;
        this.calls = calls;
        this.clock = clock;
    }

    Reply create(Exchange exchange) {
        var fields = exchange.json().fields();
        var organization =
                calls.organization(exchange, fields.find("organization").orElse(null));
        var subject = fields.need("subject").as(SubjectKey::new);
        long ttl = fields.find("ttl_seconds")
                .map(value -> value.integer(TTL_SECONDS_MIN, TTL_SECONDS_MAX))
                .orElse(TTL_SECONDS_DEFAULT);
        fields.done();
        var now = clock.instant();
        var account = catalog.account(organization, subject, now)
                .orElseThrow(() ->
                        new ProblemException(ErrorCode.SUBJECT_UNKNOWN, "There is no subject '" + subject + "'."));
        if (account.blocked()) {
            throw new ProblemException(ErrorCode.SUBJECT_BLOCKED, "Subject '" + subject + "' is blocked.");
        }
        var claims = new TokenClaims(
                TokenClaims.Kind.PORTAL,
                organization,
                subject,
                exchange.principal().keyId(),
                now,
                now.plusSeconds(ttl));
        var token = tokens.issue(claims);
        return Reply.json(Reply.CREATED, json -> {
            json.writeStartObject();
            json.writeStringField("token", token);
            json.writeStringField("organization", organization.value());
            json.writeStringField("subject", subject.value());
            json.writeStringField("expires_at", Times.text(claims.expiresAt()));
            json.writeEndObject();
        });
    }
}
