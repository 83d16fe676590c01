package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Recorded use against another plans file, over HTTP. */
class SimulateTest extends ServerTest {
    private static final String SIMULATE = "/api/v1/admin/simulate";

    private void used(String id, String subject, String time, int generations) {
        var answer = app.post(
                RECORDS,
                "{\"id\":\"" + id + "\",\"subject\":\"" + subject + "\",\"time\":\"" + time
                        + "\",\"quantities\":{\"ai_generation\":" + generations + "}}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private ApiClient.Answer simulated(String from, String plans) {
        var answer = admin.post(
                SIMULATE,
                "{\"organization\":\"acme\",\"from\":\"" + from + "\",\"to\":\"2026-12-01T00:00:00Z\",\"plans\":"
                        + plans + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private static String plan(int max) {
        return "{\"plans\":[{\"key\":\"free\",\"limits\":[{\"key\":\"generations\",\"meter\":\"ai_generation\",\"per\":\"subject\","
                + "\"window\":\"month\",\"max\":" + max + ",\"warn_at\":[50]}]}]}";
    }

    @Test
    void smaller_plan_tells_whom_it_would_have_stopped_when_and_whom_it_would_have_warned() {
        // Given
        used("a1", "ada", "2026-11-10T10:00:00Z", 4);
        used("a2", "ada", "2026-11-11T10:00:00Z", 2);
        used("a3", "ada", "2026-11-12T10:00:00Z", 5);
        used("a4", "ada", "2026-11-13T10:00:00Z", 4);
        used("b1", "bob", "2026-11-14T10:00:00Z", 5);
        used("c1", "cleo", "2026-11-15T10:00:00Z", 1);
        var before = app.get(STATUS + "?subject=ada").body();
        // When
        var answer = simulated("2026-11-01T00:00:00Z", plan(10));
        // Then
        assertThat(answer.at("total/calls")).isEqualTo("6");
        assertThat(answer.at("total/refused")).isEqualTo("1");
        assertThat(answer.at("total/warned")).isEqualTo("3");
        assertThat(answer.at("subjects_affected")).isEqualTo("2");
        assertThat(answer.at("subjects/0/subject")).isEqualTo("ada");
        assertThat(answer.at("subjects/0/limits/0/limit")).isEqualTo("generations");
        assertThat(answer.at("subjects/0/limits/0/refused")).isEqualTo("1");
        assertThat(answer.at("subjects/0/limits/0/first_refused_at")).isEqualTo("2026-11-12T10:00:00Z");
        assertThat(answer.at("subjects/0/limits/0/first_warned_at")).isEqualTo("2026-11-11T10:00:00Z");
        assertThat(answer.at("subjects/1/subject")).isEqualTo("bob");
        assertThat(answer.at("subjects/1/limits/0/first_refused_at")).isEqualTo("null");
        assertThat(app.get(STATUS + "?subject=ada").body()).isEqualTo(before);
    }

    @Test
    void use_of_a_window_that_was_running_counts_and_is_not_decided_about() {
        // Given
        used("a1", "ada", "2026-11-02T10:00:00Z", 9);
        used("a2", "ada", "2026-11-12T10:00:00Z", 2);
        // When
        var answer = simulated("2026-11-10T00:00:00Z", plan(10));
        // Then
        assertThat(answer.at("counted_from")).isEqualTo("2026-10-31T23:00:00Z");
        assertThat(answer.at("events_before")).isEqualTo("1");
        assertThat(answer.at("total/calls")).isEqualTo("1");
        assertThat(answer.at("total/refused")).isEqualTo("1");
    }

    @Test
    void replay_of_the_plan_in_force_refuses_what_it_refused() {
        // Given
        used("a1", "ada", "2026-11-10T10:00:00Z", 48);
        // When
        var answer = simulated("2026-11-01T00:00:00Z", "{}");
        // Then
        assertThat(answer.at("total/refused")).isEqualTo("0");
        assertThat(answer.at("total/warned")).isEqualTo("1");
        assertThat(answer.at("subjects/0/limits/0/limit")).isEqualTo("generations");
    }

    @Test
    void other_prices_tell_what_it_would_have_cost() {
        // Given
        app.post(
                RECORDS,
                "{\"id\":\"m1\",\"subject\":\"ada\",\"time\":\"2026-11-10T10:00:00Z\",\"provider\":\"openai\",\"model\":\"gpt-4o-mini\","
                        + "\"quantities\":{\"tokens.input\":1000,\"tokens.output\":100}}");
        // When
        var answer = simulated(
                "2026-11-01T00:00:00Z",
                "{\"prices\":[{\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"input\":\"1\",\"output\":\"1\"}]}");
        // Then
        assertThat(answer.at("total/cost_real")).isEqualTo("0.00021");
        assertThat(answer.at("total/cost")).isEqualTo("0.0011");
        assertThat(answer.at("total/cost_admitted")).isEqualTo("0.0011");
        assertThat(admin.get("/api/v1/prices/own").body()).doesNotContain("gpt-4o-mini");
    }

    @Test
    void file_with_a_mistake_and_an_organization_that_is_none_are_refused() {
        // When
        var mistake = admin.post(
                SIMULATE,
                "{\"organization\":\"acme\",\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-12-01T00:00:00Z\","
                        + "\"plans\":{\"plans\":[{\"key\":\"free\",\"limit\":[]}]}}");
        var nobody = admin.post(
                SIMULATE,
                "{\"organization\":\"nowhere\",\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-12-01T00:00:00Z\",\"plans\":{}}");
        // Then
        assertThat(mistake.status()).isEqualTo(400);
        assertThat(nobody.status()).isEqualTo(400);
        assertThat(nobody.at("pointer")).isEqualTo("/organization");
    }
}
