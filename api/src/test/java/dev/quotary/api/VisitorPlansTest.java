package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Anonymous visitors and the catalog. */
class VisitorPlansTest extends ServerTest {
    private static final String SESSIONS = "/api/v1/anonymous-sessions";

    @BeforeEach
    void plans() {
        var applied = admin.post(APPLY, """
                plans:
                  - key: anonymous
                    limits:
                      - { key: messages, meter: requests, per: subject, window: day, max: 3 }
                      - { key: network, meter: requests, per: network, window: day, max: 5 }
                  - { key: account, limits: [ { key: daily, meter: requests, per: subject, window: day, max: 10 } ] }
                organizations: [ { key: acme, plan: account, anonymous_plan: anonymous } ]
                """);
        assertThat(applied.status()).isEqualTo(200);
        assertThat(applied.at("warnings")).doesNotContain("network");
    }

    @Test
    void plan_of_visitors_without_a_limit_per_network_is_warned_of() {
        // When
        var open = admin.post(APPLY, """
                plans: [ { key: open, limits: [ { key: messages, meter: requests, per: subject, window: day, max: 3 } ] } ]
                organizations: [ { key: globex, plan: account, anonymous_plan: open } ]
                """);
        var opened = admin.post(
                APPLY,
                "plans: [ { key: anonymous, limits: [ { key: messages, meter: requests, per: subject, window: day, max: 3 } ] } ]");
        var capped = admin.post(
                APPLY,
                "plans: [ { key: anonymous, limits: [ { key: network, meter: requests, per: network, window: day, max: 3 } ] } ]");
        // Then
        assertThat(open.at("warnings/0/pointer")).isEqualTo("/organizations/0/anonymous_plan");
        assertThat(open.at("warnings/0/message")).contains("'open'", "no limit per network");
        assertThat(opened.at("warnings/0/pointer")).isEqualTo("/plans/0");
        assertThat(opened.at("warnings/0/message")).contains("'anonymous'", "no limit per network any more");
        assertThat(capped.at("warnings")).doesNotContain("network");
    }

    @Test
    void merge_leaves_what_is_known_ready_of_everybody_else() {
        // Given
        var begun = app.post(SESSIONS, "{\"client_address\":\"203.0.113.7\"}");
        var acme = new OrganizationKey("acme");
        var other = new SubjectKey("ada");
        var before = server.catalog.account(acme, other, server.clock.instant()).orElseThrow();
        // When
        var merged = app.post(SESSIONS + "/" + begun.at("subject") + "/merge", "{\"into\":\"bob\"}");
        // Then
        assertThat(merged.status()).isEqualTo(200);
        assertThat(server.catalog.account(acme, other, server.clock.instant()).orElseThrow())
                .isSameAs(before);
    }
}
