package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What may be deleted, and what becomes of what it has used. */
class DeletionTest extends ServerTest {
    private static final String PLANS = "/api/v1/plans";
    private static final String METERS = "/api/v1/meters";
    private static final String ORGANIZATIONS = "/api/v1/organizations";
    private static final String SUBJECTS = "/api/v1/subjects";
    private static final String ACME = "?organization=acme";

    private ApiClient blindly() {
        return admin.with("If-Match", "*");
    }

    @Test
    void what_something_needs_is_not_deleted() {
        // Given
        for (var path : List.of(PLANS + "/free", METERS + "/ai_generation", ORGANIZATIONS + "/acme")) {
            blindly().send("PATCH", path, "{\"managed_by\":\"api\"}");
        }
        // When
        var plan = blindly().send("DELETE", PLANS + "/free", "");
        var meter = blindly().send("DELETE", METERS + "/ai_generation", "");
        var organization = blindly().send("DELETE", ORGANIZATIONS + "/acme", "");
        // Then
        for (var answer : List.of(plan, meter, organization)) {
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.at("code")).isEqualTo("IN_USE");
        }
        assertThat(plan.at("detail")).isEqualTo("Plan 'free' is in use by organization 'acme'.");
        assertThat(meter.at("detail"))
                .isEqualTo(
                        "Meter 'ai_generation' is counted by limit 'generations' of plan 'free', limit 'generations' of plan 'pro'.");
        assertThat(organization.at("detail")).contains("API keys");
    }

    @Test
    void organization_that_used_something_is_not_deleted_but_one_without_subjects_and_use_is() {
        // Given
        admin.post(ORGANIZATIONS, "{\"key\":\"globex\",\"plan\":\"free\"}");
        admin.post(SUBJECTS + "?organization=globex", "{\"key\":\"bo\"}");
        var peopled = blindly().send("DELETE", ORGANIZATIONS + "/globex", "");
        blindly().send("DELETE", SUBJECTS + "/bo?organization=globex", "");
        admin.post(ORGANIZATIONS, "{\"key\":\"initech\",\"plan\":\"free\"}");
        admin.post(RECORDS + "?organization=initech", "{\"subject\":\"u\",\"quantities\":{\"ai_generation\":1}}");
        // When
        var unused = blindly().send("DELETE", ORGANIZATIONS + "/globex", "");
        var used = blindly().send("DELETE", ORGANIZATIONS + "/initech", "");
        // Then
        assertThat(peopled.status()).isEqualTo(409);
        assertThat(peopled.at("detail")).isEqualTo("Organization 'globex' still has subject 'bo'.");
        assertThat(unused.status()).isEqualTo(204);
        assertThat(used.status()).isEqualTo(409);
        assertThat(used.at("detail")).contains("has used something");
        assertThat(admin.get(STATUS + "?organization=globex&subject=bo").status())
                .isEqualTo(404);
    }

    @Test
    void unused_meter_is_deleted_and_keeps_its_meaning() {
        // Given
        admin.post(METERS, "{\"key\":\"seats\",\"aggregation\":\"latest\"}");
        blindly().send("DELETE", METERS + "/seats", "");
        server.close();
        server = ApiServer.in(directory);
        admin = server.admin();
        // When
        var other = admin.post(METERS, "{\"key\":\"seats\",\"aggregation\":\"sum\"}");
        var same = admin.post(METERS, "{\"key\":\"seats\",\"aggregation\":\"latest\",\"unit\":\"people\"}");
        // Then
        assertThat(other.status()).isEqualTo(400);
        assertThat(other.at("expected")).contains("keep its aggregation latest");
        assertThat(same.status()).isEqualTo(201);
    }

    @Test
    void deleted_subject_keeps_its_history_and_counts_under_the_plan_of_its_organization() {
        // Given
        admin.post(
                PLANS,
                "{\"key\":\"big\",\"limits\":[{\"key\":\"b\",\"meter\":\"ai_generation\",\"window\":\"day\",\"max\":900}]}");
        admin.post(SUBJECTS + ACME, "{\"key\":\"temp\",\"plan\":\"big\"}");
        var event = app.post(RECORDS, "{\"subject\":\"temp\",\"quantities\":{\"ai_generation\":49}}")
                .at("events/0/id");
        // When
        var deleted = blindly().send("DELETE", SUBJECTS + "/temp" + ACME, "");
        // Then
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(app.get("/api/v1/usage/events/" + event).status()).isEqualTo(200);
        assertThat(shown("temp", "generations", "used")).isEqualTo("49");
        assertThat(reserve("{\"subject\":\"temp\",\"quantities\":{\"ai_generation\":2}}")
                        .status())
                .isEqualTo(402);
        var shown = admin.get(SUBJECTS + "/temp" + ACME);
        assertThat(shown.at("declared")).isEqualTo("false");
        assertThat(shown.header("etag")).isEmpty();
    }

    @Test
    void reservation_of_a_subject_that_is_deleted_meanwhile_is_settled_and_counts_for_the_organization() {
        // Given
        blindly().send("PATCH", ORGANIZATIONS + "/acme", "{\"unknown_subjects\":\"refuse\"}");
        admin.post(SUBJECTS + ACME, "{\"key\":\"temp\"}");
        held("r", "\"subject\":\"temp\",\"cost\":\"1\"");
        blindly().send("DELETE", SUBJECTS + "/temp" + ACME, "");
        // When
        var committed = commit("r", "{\"cost\":\"2\"}");
        // Then
        assertThat(committed.status()).isEqualTo(200);
        assertThat(shown("user-2", "org-budget", "used")).isEqualTo("2");
        assertThat(reserve("{\"subject\":\"temp\",\"cost\":\"1\"}").status()).isEqualTo(404);
    }

    @Test
    void blocked_subject_is_not_let_in_again_by_deleting_it() {
        // Given
        admin.post(SUBJECTS + ACME, "{\"key\":\"bad\",\"blocked\":true}");
        // When
        var deleted = blindly().send("DELETE", SUBJECTS + "/bad" + ACME, "");
        // Then
        assertThat(deleted.status()).isEqualTo(409);
        assertThat(deleted.at("detail")).contains("blocked");
        assertThat(reserve("{\"subject\":\"bad\"}").status()).isEqualTo(403);
    }
}
