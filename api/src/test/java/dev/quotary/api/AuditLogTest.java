package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.api.ApiClient.Answer;
import dev.quotary.catalog.Role;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every change says who made it, and what was before. */
class AuditLogTest extends ServerTest {
    private static final String LOG = "/api/v1/audit-log";

    private static List<String> told(Answer log) {
        return log.json().fields().items("entries").stream()
                .map(entry -> {
                    var fields = entry.fields();
                    return fields.need("action").string() + " "
                            + fields.need("kind").string() + " "
                            + fields.need("key").string();
                })
                .toList();
    }

    @Test
    void change_is_told_with_who_what_before_and_after() {
        // Given
        admin.post("/api/v1/plans", "{\"key\":\"team\",\"priority\":1}");
        server.clock.advance(Duration.ofMinutes(1));
        admin.with("If-Match", "*").send("PATCH", "/api/v1/plans/team", "{\"priority\":2}");
        // When
        var log = admin.get(LOG + "?kind=plan&key=team");
        // Then
        assertThat(told(log)).containsExactly("changed plan team", "created plan team");
        assertThat(log.at("entries/0/at")).isEqualTo("2026-11-22T10:01:00Z");
        assertThat(log.at("entries/0/actor/type")).isEqualTo("key");
        assertThat(log.at("entries/0/actor/id")).startsWith("key_");
        assertThat(log.at("entries/0/actor/name")).isEqualTo("admin");
        assertThat(log.at("entries/0/organization")).isEqualTo("null");
        assertThat(log.at("entries/0/before")).isEqualTo("{\"key\":\"team\",\"priority\":1}");
        assertThat(log.at("entries/0/after")).isEqualTo("{\"key\":\"team\",\"priority\":2}");
        assertThat(log.at("entries/1/before")).isEqualTo("null");
        assertThat(log.at("next_cursor")).isEqualTo("null");
    }

    @Test
    void refused_or_needless_changes_and_dry_runs_are_not_told() {
        // Given
        var before = told(admin.get(LOG));
        // When
        admin.post("/api/v1/plans", "{\"key\":\"team\",\"limit\":[]}");
        admin.send("PATCH", "/api/v1/plans/free", "{}");
        admin.with("If-Match", "*").send("PATCH", "/api/v1/plans/free", "{}");
        admin.post(APPLY, resource("/plans.yaml"));
        admin.post(APPLY + "?dry_run=true", "plans: [ { key: fresh } ]");
        // Then
        assertThat(told(admin.get(LOG))).isEqualTo(before).hasSize(13);
    }

    @Test
    void everything_that_is_done_to_a_subject_is_told() {
        // Given
        var path = "/api/v1/subjects/u";
        var acme = "?organization=acme";
        app.post(RECORDS, "{\"subject\":\"u\",\"quantities\":{\"ai_generation\":4}}");
        // When
        admin.post(path + "/block" + acme, "");
        admin.post(path + "/unblock" + acme, "");
        admin.post(path + "/reset" + acme, "{\"limit\":\"generations\"}");
        admin.send("PUT", path + "/overrides/generations" + acme, "{\"max\":70}");
        admin.with("If-Match", "*").send("DELETE", path + acme, "");
        // Then
        var log = admin.get(LOG + acme + "&key=u");
        assertThat(told(log))
                .containsExactly(
                        "deleted subject u",
                        "changed subject u",
                        "reset subject u",
                        "unblocked subject u",
                        "blocked subject u");
        assertThat(log.at("entries/1/after/overrides/0/max")).isEqualTo("70");
        assertThat(log.at("entries/2/after/resets/0/amount")).isEqualTo("4");
        assertThat(log.at("entries/0/after")).isEqualTo("null");
    }

    @Test
    void log_comes_page_by_page_and_is_filtered_by_time_and_actor() {
        // Given
        server.clock.advance(Duration.ofHours(1));
        var other = server.key(Role.ADMIN, "acme", null);
        for (int i = 0; i < 5; i++) {
            server.as(other).post("/api/v1/subjects", "{\"key\":\"s" + i + "\"}");
        }
        // When
        var first = admin.get(LOG + "?from=2026-11-22T11:00:00Z&kind=subject&limit=2");
        var second =
                admin.get(LOG + "?from=2026-11-22T11:00:00Z&kind=subject&limit=2&cursor=" + first.at("next_cursor"));
        var before = admin.get(LOG + "?to=2026-11-22T11:00:00Z&kind=subject");
        // Then
        assertThat(told(first)).containsExactly("created subject s4", "created subject s3");
        assertThat(told(second)).containsExactly("created subject s2", "created subject s1");
        assertThat(told(before)).containsExactly("created subject user-2", "created subject user-1");
        assertThat(told(admin.get(LOG + "?kind=subject&actor=" + first.at("entries/0/actor/id"))))
                .hasSize(5);
    }

    @Test
    void admin_of_an_organization_sees_what_concerns_it_and_nobody_else_sees_anything() {
        // Given
        admin.post("/api/v1/organizations", "{\"key\":\"globex\"}");
        admin.post("/api/v1/subjects?organization=globex", "{\"key\":\"bo\"}");
        var own = server.as(server.key(Role.ADMIN, "globex", null));
        // When
        var seen = own.get(LOG);
        // Then
        assertThat(told(seen))
                .contains("created subject bo", "created organization globex")
                .doesNotContain("created plan free");
        assertThat(seen.body()).doesNotContain("acme");
        assertThat(own.get(LOG + "?organization=acme").status()).isEqualTo(403);
        assertThat(app.get(LOG).status()).isEqualTo(403);
    }

    @Test
    void keys_of_providers_are_told_without_what_is_secret() {
        // When
        admin.send("PUT", "/api/v1/providers/openai/keys", "{\"keys\":[\"sk-proj-abcdefghijklmnopqrstuvwxyz\"]}");
        // Then
        var log = admin.get(LOG + "?kind=provider-keys");
        assertThat(log.at("entries/0/after")).isEqualTo("{\"keys\":[\"sk-proj-\"]}");
        assertThat(log.body()).doesNotContain("abcdefg");
    }

    @Test
    void handing_a_thing_over_is_told() {
        // When
        admin.with("If-Match", "*").send("PATCH", "/api/v1/plans/pro", "{\"managed_by\":\"api\"}");
        // Then
        var log = admin.get(LOG + "?kind=plan&key=pro");
        assertThat(log.at("entries/0/before")).isEqualTo("{\"managed_by\":\"apply\"}");
        assertThat(log.at("entries/0/after")).isEqualTo("{\"managed_by\":\"api\"}");
    }

    @Test
    void what_is_done_to_api_keys_is_told_without_anything_of_their_secrets() {
        // Given
        var key = admin.post("/api/v1/keys", "{\"organization\":\"acme\",\"role\":\"service\",\"name\":\"app\"}");
        var path = "/api/v1/keys/" + key.at("id");
        // When
        var rotated = admin.post(path + "/rotate", "{}");
        admin.send("DELETE", path, "");
        admin.send("DELETE", path, "");
        // Then
        var log = admin.get(LOG + "?organization=acme&kind=key&key=" + key.at("id"));
        assertThat(told(log))
                .containsExactly(
                        "revoked key " + key.at("id"), "rotated key " + key.at("id"), "created key " + key.at("id"));
        assertThat(log.at("entries/0/after/revoked_at")).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(log.at("entries/2/after/name")).isEqualTo("app");
        assertThat(log.body())
                .doesNotContain(
                        "hash",
                        key.at("secret").substring(20),
                        rotated.at("secret").substring(20));
    }

    @Test
    void log_is_there_after_a_restart() {
        // Given
        var before = admin.get(LOG).body();
        server.close();
        // When
        server = ApiServer.in(directory);
        // Then
        assertThat(server.as(server.adminKey)
                        .get(LOG + "?kind=plan")
                        .json()
                        .fields()
                        .items("entries"))
                .hasSize(3);
        assertThat(before).contains("user-2");
    }
}
