package dev.quotary.api;

import dev.quotary.api.key.Keys;
import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.Visitor;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.http.TokenClaims;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;

/**
 * Begins sessions of anonymous visitors. Nothing is stored of one that never uses anything: its token says who it is, and its subject's name
 * from which network it came.
 */
final class VisitorEndpoint {
    private static final TokenLife LIFE = new TokenLife(Duration.ofMinutes(5), Duration.ofDays(30), Duration.ofDays(7));

    private final Keys keys;
    private final Catalog catalog;
    private final CallReader calls;
    private final StatusEndpoints status;
    private final InstantSource clock;

    VisitorEndpoint(Keys keys, Catalog catalog, CallReader calls, StatusEndpoints status, InstantSource clock) {
        this.keys = keys;
        this.catalog = catalog;
        this.calls = calls;
        this.status = status;
        this.clock = clock;
    }

    Reply create(Exchange exchange) {
        var fields = exchange.json().fields();
        var organization =
                calls.organization(exchange, fields.find("organization").orElse(null));
        var network = fields.need("client_address").as(ClientNetwork::of);
        var life = LIFE.read(fields);
        fields.done();
        var declared = catalog.declarations().organizations().get(organization);
        if (declared == null || declared.anonymousPlan() == null) {
            throw new ProblemException(
                    ErrorCode.VISITORS_NOT_TAKEN, "The organization has no 'anonymous_plan' for visitors.");
        }
        var subject = new Visitor(tag(organization, network), keys.randomHex(Visitor.SESSION_LENGTH)).key();
        var now = clock.instant();
        var claims = new TokenClaims(
                TokenClaims.Kind.VISITOR,
                organization,
                subject,
                exchange.principal().keyId(),
                now,
                now.plus(life));
        var token = keys.tokens().issue(claims);
        var shown =
                status.own(new Call(organization, subject, exchange.principal().keyId(), Dimensions.NONE));
        return Reply.json(Reply.CREATED, json -> {
            json.writeStartObject();
            TokenLife.write(json, token, claims);
            json.writeFieldName("status");
            shown.write(json);
            json.writeEndObject();
        });
    }

    /** Per organization, so that nobody can tell that the visitors of two are the same; made with a secret, so that nobody finds the address. */
    private String tag(OrganizationKey organization, ClientNetwork network) {
        byte[] digest = keys.tokens().digest("network " + organization.value() + "\n" + network.text());
        return HexFormat.of().formatHex(digest).substring(0, Visitor.NETWORK_LENGTH);
    }
}
