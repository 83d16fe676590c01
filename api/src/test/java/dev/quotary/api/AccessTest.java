package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.Role;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccessTest extends ServerTest {
    private ApiClient ada;
    private ApiClient bob;
    private ApiClient reader;
    private ApiClient other;

    @BeforeEach
    void keys() {
        admin.post(APPLY, "organizations: [ { key: globex, plan: free } ]");
        ada = server.as(server.key(Role.SUBJECT, "acme", "ada"));
        bob = server.as(server.key(Role.SUBJECT, "acme", "bob"));
        reader = server.as(server.key(Role.READ, "acme", null));
        other = server.as(server.key(Role.SERVICE, "globex", null));
    }

    @Test
    void request_without_a_key_or_with_an_unknown_one_is_401() {
        // When
        var none = server.as("").post(CHECK, "{}");
        var unknown = server.as("qk_live_0").post(CHECK, "{}");
        // Then
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.at("code")).isEqualTo("UNAUTHENTICATED");
        assertThat(unknown.status()).isEqualTo(401);
    }

    @Test
    void expired_key_is_401() {
        // Given
        var made = admin.post(
                "/api/v1/keys",
                "{\"organization\":\"acme\",\"role\":\"service\",\"expires_at\":\"2026-11-22T10:01:00Z\"}");
        var client = server.as(made.at("secret"));
        assertThat(client.post(CHECK, "{}").status()).isEqualTo(200);
        // When
        server.clock.advance(Duration.ofMinutes(1));
        // Then
        assertThat(client.post(CHECK, "{}").status()).isEqualTo(401);
    }

    @Test
    void reader_looks_and_changes_nothing() {
        // When
        var status = reader.get(STATUS + "?subject=ada");
        var check = reader.post(CHECK, "{\"subject\":\"ada\"}");
        var record = reader.post(RECORDS, "{\"subject\":\"ada\"}");
        // Then
        assertThat(status.status()).isEqualTo(200);
        assertThat(check.status()).isEqualTo(403);
        assertThat(check.at("code")).isEqualTo("FORBIDDEN");
        assertThat(record.status()).isEqualTo(403);
    }

    @Test
    void what_is_for_admins_is_for_nobody_else() {
        // When
        var apply = app.post(APPLY, "plans: []");
        var keys = app.get("/api/v1/keys");
        var made = ada.post("/api/v1/keys", "{\"role\":\"service\"}");
        var blocked = app.post("/api/v1/subjects/ada/block", "");
        // Then
        assertThat(apply.status()).isEqualTo(403);
        assertThat(keys.status()).isEqualTo(403);
        assertThat(made.status()).isEqualTo(403);
        assertThat(blocked.status()).isEqualTo(403);
    }

    @Test
    void admin_of_one_organization_is_admin_of_no_other() {
        // Given
        var own = server.as(server.key(Role.ADMIN, "globex", null));
        // When
        var made = own.post("/api/v1/keys", "{\"role\":\"admin\"}");
        var foreign = own.post("/api/v1/keys", "{\"organization\":\"acme\",\"role\":\"service\"}");
        var apply = own.post(APPLY, "plans: []");
        var blocked = own.post("/api/v1/subjects/ada/block?organization=acme", "");
        var listed = own.get("/api/v1/keys?organization=acme");
        // Then
        assertThat(made.at("organization")).isEqualTo("globex");
        assertThat(foreign.status()).isEqualTo(403);
        assertThat(apply.status()).isEqualTo(403);
        assertThat(blocked.status()).isEqualTo(403);
        assertThat(listed.status()).isEqualTo(403);
        assertThat(own.get("/api/v1/keys").body()).doesNotContain("acme");
        assertThat(own.get("/api/v1/organizations").body()).doesNotContain("acme");
    }

    @Test
    void subjects_key_acts_for_its_subject_only() {
        // When
        var own = ada.post(RESERVATIONS, "{\"quantities\":{\"ai_generation\":1}}");
        var foreign = ada.post(RESERVATIONS, "{\"subject\":\"bob\",\"quantities\":{\"ai_generation\":1}}");
        var status = ada.get(STATUS + "?subject=bob");
        // Then
        assertThat(own.at("limits/0/scope")).isEqualTo("subject:ada");
        assertThat(foreign.status()).isEqualTo(403);
        assertThat(status.status()).isEqualTo(403);
        assertThat(ada.get("/api/v1/subjects/bob").status()).isEqualTo(403);
        assertThat(ada.get(STATUS).at("subject")).isEqualTo("ada");
    }

    @Test
    void id_of_another_subject_or_organization_is_not_found() {
        // Given
        var id =
                ada.post(RESERVATIONS, "{\"quantities\":{\"ai_generation\":1}}").at("reservation/id");
        var path = RESERVATIONS + "/" + id;
        for (var stranger : new ApiClient[] {bob, other}) {
            // When
            var seen = stranger.get(path);
            var extended = stranger.post(path + "/extend", "{}");
            var released = stranger.post(path + "/release", "");
            var committed = stranger.post(path + "/commit", "");
            // Then
            assertThat(seen.at("code")).isEqualTo("RESERVATION_UNKNOWN");
            assertThat(extended.status()).isEqualTo(404);
            assertThat(released.status()).isEqualTo(404);
            assertThat(committed.status()).isEqualTo(404);
        }
        var event = ada.post(path + "/commit", "").at("event_id");
        for (var stranger : new ApiClient[] {bob, other}) {
            assertThat(stranger.get(path).status()).isEqualTo(404);
            assertThat(stranger.post(path + "/commit", "").status()).isEqualTo(404);
            assertThat(stranger.get("/api/v1/usage/events/" + event).status()).isEqualTo(404);
        }
        assertThat(ada.get("/api/v1/usage/events/" + event).status()).isEqualTo(200);
    }

    @Test
    void names_that_end_users_give_never_meet() {
        // Given
        var body = "{\"id\":\"mine\",\"quantities\":{\"ai_generation\":1}}";
        var first = ada.post(RESERVATIONS, body);
        // When
        var second = bob.post(RESERVATIONS, body);
        var record = bob.post(RECORDS, "{\"id\":\"e1\",\"quantities\":{\"ai_generation\":1}}");
        // Then
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.at("reservation/id")).isNotEqualTo(first.at("reservation/id"));
        assertThat(ada.post(RECORDS, "{\"id\":\"e1\",\"quantities\":{\"ai_generation\":2}}")
                        .at("recorded"))
                .isEqualTo(record.at("recorded"));
    }

    @Test
    void admin_of_the_server_names_the_organization() {
        // When
        var unnamed = admin.post(CHECK, "{\"subject\":\"u\"}");
        var member = admin.post(CHECK, "{\"organization\":\"acme\",\"subject\":\"u\"}");
        var header = admin.with("X-Quotary-Organization", "acme").post(CHECK, "{\"subject\":\"u\"}");
        var query = admin.get(STATUS + "?subject=u&organization=acme");
        var unknown = admin.post(CHECK, "{\"organization\":\"nobody\",\"subject\":\"u\"}");
        var foreign = app.post(CHECK, "{\"organization\":\"globex\",\"subject\":\"u\"}");
        // Then
        assertThat(unnamed.status()).isEqualTo(400);
        assertThat(member.status()).isEqualTo(200);
        assertThat(header.status()).isEqualTo(200);
        assertThat(query.status()).isEqualTo(200);
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(foreign.status()).isEqualTo(403);
    }

    @Test
    void key_is_shown_with_its_secret_once() {
        // When
        var made = admin.post(
                "/api/v1/keys",
                "{\"organization\":\"acme\",\"role\":\"subject\",\"subject\":\"ada\",\"name\":\"phone\"}");
        // Then
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.at("secret")).startsWith(made.at("prefix"));
        assertThat(server.as(made.at("secret")).get(STATUS).at("subject")).isEqualTo("ada");
        var listed = admin.get("/api/v1/keys");
        assertThat(listed.body()).contains(made.at("id")).doesNotContain(made.at("secret"));
        assertThat(listed.body()).doesNotContain("hash");
    }

    @Test
    void key_whose_role_and_subject_do_not_go_together_is_refused() {
        // When
        var lonely = admin.post("/api/v1/keys", "{\"organization\":\"acme\",\"role\":\"subject\"}");
        var unbound = admin.post("/api/v1/keys", "{\"role\":\"service\"}");
        var nowhere = admin.post("/api/v1/keys", "{\"organization\":\"nobody\",\"role\":\"service\"}");
        var role = admin.post("/api/v1/keys", "{\"organization\":\"acme\",\"role\":\"king\"}");
        // Then
        assertThat(lonely.status()).isEqualTo(400);
        assertThat(unbound.status()).isEqualTo(400);
        assertThat(nowhere.at("pointer")).isEqualTo("/organization");
        assertThat(role.at("pointer")).isEqualTo("/role");
    }

    @Test
    void undeclared_subject_can_be_blocked() {
        // When
        var blocked = admin.post("/api/v1/subjects/bob/block", "{\"organization\":\"acme\"}");
        // Then
        assertThat(blocked.at("blocked")).isEqualTo("true");
        assertThat(bob.post(CHECK, "{}").at("code")).isEqualTo("SUBJECT_BLOCKED");
        assertThat(bob.get(STATUS).at("blocked")).isEqualTo("true");
    }

    @Test
    void blocked_subject_holds_no_more_and_may_settle_what_it_holds() {
        // Given
        var reservations = "/api/v1/usage/reservations";
        assertThat(bob.post(reservations, "{\"id\":\"r1\",\"quantities\":{\"requests\":1}}")
                        .status())
                .isEqualTo(201);
        admin.post("/api/v1/subjects/bob/block", "{\"organization\":\"acme\"}");
        // When
        var extended = bob.post(reservations + "/r1/extend", "{\"ttl_seconds\":3600}");
        // Then
        assertThat(extended.status()).isEqualTo(403);
        assertThat(extended.at("code")).isEqualTo("SUBJECT_BLOCKED");
        assertThat(bob.post(reservations + "/r1/commit", "{}").status()).isEqualTo(200);
    }

    @Test
    void probes_and_contract_need_no_key() {
        // Given
        var nobody = server.as("");
        // When
        var health = nobody.get("/healthz");
        var contract = nobody.get("/api/v1/openapi.yaml");
        server.ready.set(false);
        var unready = nobody.get("/readyz");
        // Then
        assertThat(health.status()).isEqualTo(200);
        assertThat(contract.body()).startsWith("openapi: 3.1.0");
        assertThat(unready.status()).isEqualTo(503);
    }
}
