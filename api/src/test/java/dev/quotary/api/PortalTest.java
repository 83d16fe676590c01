package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.Role;
import dev.quotary.http.Documents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortalTest extends ServerTest {
    private static final String TOKENS = "/api/v1/portal-tokens";

    private String token(String subject) {
        return app.post(TOKENS, "{\"subject\":\"" + subject + "\"}").at("token");
    }

    private ApiClient portal(String subject) {
        return server.as(token(subject));
    }

    private String event(String subject) {
        return app.post(
                        RECORDS,
                        "{\"subject\":\"" + subject + "\",\"quantities\":{\"requests\":1,\"ai_generation\":2}}")
                .at("events/0/id");
    }

    @Test
    void token_opens_the_status_of_its_subject_until_it_ends() {
        // Given
        event("ada");
        // When
        var made = app.post(TOKENS, "{\"subject\":\"ada\",\"ttl_seconds\":60}");
        var client = server.as(made.at("token"));
        // Then
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.at("expires_at")).isEqualTo("2026-11-22T10:01:00Z");
        var status = client.get(STATUS);
        assertThat(status.at("subject")).isEqualTo("ada");
        assertThat(status.at("totals/ai_generation/month")).isEqualTo("2");
        server.clock.advance(Duration.ofSeconds(59));
        assertThat(client.get(STATUS).status()).isEqualTo(200);
        server.clock.advance(Duration.ofSeconds(1));
        var late = client.get(STATUS);
        assertThat(late.status()).isEqualTo(401);
        assertThat(late.at("code")).isEqualTo("TOKEN_EXPIRED");
    }

    @Test
    void token_shows_no_use_of_others() {
        // Given
        var ada = event("ada");
        var bob = event("bob");
        var portal = portal("ada");
        // When
        var status = portal.get(STATUS);
        var own = portal.get("/api/v1/usage/events/" + ada);
        var others = portal.get("/api/v1/usage/events/" + bob);
        var never = portal.get("/api/v1/usage/events/" + "evt_" + "0".repeat(32));
        // Then
        assertThat(status.body()).contains("generations").doesNotContain("org-budget");
        assertThat(status.header("ratelimit-policy")).contains("generations").doesNotContain("org-budget");
        assertThat(own.status()).isEqualTo(200);
        assertThat(own.json().fields().has("provider_cost")).isFalse();
        assertThat(app.get("/api/v1/usage/events/" + ada).json().fields().has("provider_cost"))
                .isTrue();
        assertThat(others.status()).isEqualTo(404);
        assertThat(others.body()).isEqualTo(never.body());
        assertThat(portal.get(STATUS + "?subject=bob").status()).isEqualTo(403);
    }

    @Test
    void token_changes_nothing() {
        // Given
        var portal = portal("ada");
        // When
        var answers = List.of(
                portal.post(CHECK, "{}"),
                portal.post(RESERVATIONS, "{\"quantities\":{\"requests\":1}}"),
                portal.post(RECORDS, "{\"quantities\":{\"requests\":1}}"),
                portal.post(TOKENS, "{\"subject\":\"ada\"}"));
        // Then
        assertThat(answers).extracting(ApiClient.Answer::status).containsOnly(403);
        assertThat(shown("ada", "rpm", "used")).isEqualTo("0");
    }

    @Test
    void token_that_was_changed_in_any_character_is_401() {
        // Given
        var token = token("ada");
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            var forged = token.substring(0, i) + other + token.substring(i + 1);
            // When
            var answer = server.as(forged).get(STATUS);
            // Then
            boolean lastBits = i == token.length() - 1;
            if (!lastBits || answer.status() != 200) {
                assertThat(answer.status()).as("changed at " + i).isEqualTo(401);
                assertThat(answer.at("code")).isIn("TOKEN_INVALID", "UNAUTHENTICATED");
            }
        }
    }

    @Test
    void token_with_another_subject_or_end_or_without_a_signature_is_401() {
        // Given
        var parts = token("ada").split("\\.", -1);
        var said = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        var bob = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(said.replace("\"ada\"", "\"bob\"").getBytes(StandardCharsets.UTF_8));
        // When
        var forged = List.of(
                parts[0] + "." + bob + "." + parts[2],
                parts[0] + "." + parts[1] + ".",
                parts[0] + "." + parts[1],
                "qt_",
                "qt_..",
                "qt_00000000." + parts[1] + "." + parts[2],
                "qt_" + "x".repeat(5_000));
        // Then
        for (var token : forged) {
            var answer = server.as(token).get(STATUS);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.at("code")).isEqualTo("TOKEN_INVALID");
        }
    }

    @Test
    void token_says_nothing_but_names_and_times() {
        // When
        var said = new String(Base64.getUrlDecoder().decode(token("ada").split("\\.", -1)[1]), StandardCharsets.UTF_8);
        // Then
        assertThat(Documents.json(said).entries())
                .containsOnlyKeys("kind", "organization", "subject", "issuer", "issued_at", "expires_at");
    }

    @Test
    void tokens_die_with_the_key_that_made_them_and_outlive_its_rotation() {
        // Given
        var made = admin.post("/api/v1/keys", "{\"organization\":\"acme\",\"role\":\"service\"}");
        var path = "/api/v1/keys/" + made.at("id");
        var portal = server.as(server.as(made.at("secret"))
                .post(TOKENS, "{\"subject\":\"ada\"}")
                .at("token"));
        admin.post(path + "/rotate", "{\"overlap_seconds\":0}");
        assertThat(portal.get(STATUS).status()).isEqualTo(200);
        // When
        admin.send("DELETE", path, "");
        // Then
        var answer = portal.get(STATUS);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.at("code")).isEqualTo("TOKEN_INVALID");
    }

    @Test
    void blocked_subject_has_no_portal_as_long_as_it_is_blocked() {
        // Given
        var portal = portal("ada");
        // When
        admin.post("/api/v1/subjects/ada/block", "{\"organization\":\"acme\"}");
        // Then
        assertThat(portal.get(STATUS).at("code")).isEqualTo("SUBJECT_BLOCKED");
        assertThat(app.post(TOKENS, "{\"subject\":\"ada\"}").at("code")).isEqualTo("SUBJECT_BLOCKED");
        admin.post("/api/v1/subjects/ada/unblock", "{\"organization\":\"acme\"}");
        assertThat(portal.get(STATUS).status()).isEqualTo(200);
    }

    @Test
    void tokens_are_good_after_a_restart() {
        // Given
        var token = token("ada");
        // When
        server.close();
        server = ApiServer.in(directory);
        // Then
        assertThat(server.as(token).get(STATUS).status()).isEqualTo(200);
    }

    @Test
    void only_backends_make_tokens_for_subjects_of_their_organization() {
        // Given
        admin.post(APPLY, "organizations: [ { key: globex, plan: free, unknown_subjects: refuse } ]");
        var globex = server.as(server.key(Role.SERVICE, "globex", null));
        // When
        var foreign = globex.post(TOKENS, "{\"subject\":\"ada\",\"organization\":\"acme\"}");
        var unknown = globex.post(TOKENS, "{\"subject\":\"ada\"}");
        var subject = server.as(server.key(Role.SUBJECT, "acme", "ada")).post(TOKENS, "{\"subject\":\"ada\"}");
        var reader = server.as(server.key(Role.READ, "acme", null)).post(TOKENS, "{\"subject\":\"ada\"}");
        var unnamed = admin.post(TOKENS, "{\"subject\":\"ada\"}");
        // Then
        assertThat(foreign.status()).isEqualTo(403);
        assertThat(unknown.at("code")).isEqualTo("SUBJECT_UNKNOWN");
        assertThat(subject.status()).isEqualTo(403);
        assertThat(reader.status()).isEqualTo(403);
        assertThat(unnamed.status()).isEqualTo(400);
    }

    @Test
    void lives_of_tokens_are_bounded() {
        // When
        var answers = List.of(
                app.post(TOKENS, "{\"subject\":\"ada\",\"ttl_seconds\":29}"),
                app.post(TOKENS, "{\"subject\":\"ada\",\"ttl_seconds\":86401}"),
                app.post(TOKENS, "{\"subject\":\"ada\",\"ttl_seconds\":\"60\"}"),
                app.post(TOKENS, "{}"));
        // Then
        assertThat(answers).extracting(ApiClient.Answer::status).containsOnly(400);
    }
}
