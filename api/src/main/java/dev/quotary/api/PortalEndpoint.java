package dev.quotary.api;

import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.http.TokenClaims;
import dev.quotary.http.Tokens;
import java.time.Duration;
import java.time.InstantSource;

/** Makes tokens with which end users look at their own use, from a browser. */
final class PortalEndpoint {
    private static final TokenLife LIFE =
            new TokenLife(Duration.ofSeconds(30), Duration.ofDays(1), Duration.ofMinutes(15));

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
        var life = LIFE.read(fields);
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
                now.plus(life));
        var token = tokens.issue(claims);
        return Reply.json(Reply.CREATED, json -> {
            json.writeStartObject();
            TokenLife.write(json, token, claims);
            json.writeEndObject();
        });
    }
}
