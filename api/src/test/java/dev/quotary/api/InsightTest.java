package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.Role;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** Forecasts, anomalies, advice and reconciliation, over HTTP; the server's clock shows 2026-11-22T10:00:00Z, its organization is in Berlin. */
class InsightTest extends ServerTest {
    private static final String FORECAST = "/api/v1/usage/forecast";
    private static final String PLANS = """
            plans:
              - key: free
                limits:
                  - { key: monthly-requests, meter: requests, per: subject, window: month, max: 1000 }
                  - { key: monthly-cost, meter: cost, per: organization, window: month, max: "100" }
                  - { key: rpm, meter: requests, per: subject, window: minute, max: 1000 }
            """;

    private void use(String subject, Instant time, int requests) {
        var answer = app.post(
                RECORDS,
                "{\"id\":\"" + subject + time + "\",\"subject\":\"" + subject + "\",\"time\":\"" + time
                        + "\",\"provider\":\"openai\",\"model\":\"gpt-5.6-sol\",\"quantities\":{\"requests\":"
                        + requests
                        + ",\"tokens.input\":" + 1_000L * requests + ",\"tokens.output\":0}}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    /** The same each day at noon, for so many days before today. */
    private void evenly(String subject, int days, int requests) {
        var today = Instant.parse("2026-11-22T11:00:00Z");
        for (int i = days; i >= 1; i--) {
            use(subject, today.minus(i, ChronoUnit.DAYS), requests);
        }
    }

    @Test
    void limit_that_is_used_evenly_is_forecast_to_be_hit_on_its_day() {
        // Given
        admin.post(APPLY, PLANS);
        evenly("ada", 40, 40);
        // When
        var forecast = app.get(FORECAST + "?subject=ada&limit=monthly-requests");
        // Then
        assertThat(forecast.status()).as(forecast.body()).isEqualTo(200);
        assertThat(forecast.at("meter")).isEqualTo("requests");
        assertThat(forecast.at("scope")).isEqualTo("subject:ada");
        assertThat(forecast.at("period/from")).isEqualTo("2026-10-31T23:00:00Z");
        assertThat(forecast.at("period/to")).isEqualTo("2026-11-30T23:00:00Z");
        assertThat(forecast.at("used")).isEqualTo("840");
        assertThat(forecast.at("max")).isEqualTo("1000");
        assertThat(forecast.at("days_of_history")).isEqualTo("40");
        assertThat(forecast.at("hit_percent")).isEqualTo("100");
        // 840 until yesterday, 13 of 24 hours left today, then eight days.
        assertThat(forecast.at("scenarios/likely/total")).isEqualTo(Integer.toString(840 + 22 + 8 * 40));
        assertThat(forecast.at("scenarios/likely/overage")).isEqualTo("182");
        assertThat(forecast.at("scenarios/likely/hit_at")).startsWith("2026-11-26T");
    }

    @Test
    void meter_is_forecast_over_a_calendar_period_without_a_limit() {
        // Given
        admin.post(APPLY, PLANS);
        evenly("ada", 30, 1);
        // When
        var forecast = app.get(FORECAST + "?meter=cost&period=week&confidence=50");
        // Then
        assertThat(forecast.status()).as(forecast.body()).isEqualTo(200);
        assertThat(forecast.at("limit")).isEqualTo("null");
        assertThat(forecast.at("scope")).isEqualTo("organization:acme");
        assertThat(forecast.at("period/to")).isEqualTo("2026-11-22T23:00:00Z");
        assertThat(forecast.at("used")).isEqualTo("0.024");
        assertThat(forecast.at("max")).isEqualTo("null");
        assertThat(forecast.at("hit_percent")).isEqualTo("null");
        assertThat(forecast.at("confidence")).isEqualTo("50");
        assertThat(forecast.at("scenarios/likely/total")).isEqualTo("0.026167");
    }

    @Test
    void limit_on_a_declared_meter_is_forecast_like_any_other() {
        // Given
        for (int day = 1; day <= 21; day++) {
            app.post(
                    RECORDS,
                    "{\"id\":\"g" + day + "\",\"subject\":\"ada\",\"time\":\"2026-11-" + (day < 10 ? "0" : "") + day
                            + "T12:00:00Z\",\"quantities\":{\"ai_generation\":2}}");
        }
        // When
        var forecast = app.get(FORECAST + "?subject=ada&limit=generations");
        // Then
        assertThat(forecast.status()).as(forecast.body()).isEqualTo(200);
        assertThat(forecast.at("used")).isEqualTo("42");
        assertThat(forecast.at("days_of_history")).isEqualTo("21");
        assertThat(forecast.at("scenarios/likely/total")).isEqualTo("59");
        assertThat(forecast.at("scenarios/likely/overage")).isEqualTo("9");
    }

    @Test
    void what_has_no_end_or_is_not_there_is_not_forecast() {
        // Given
        admin.post(APPLY, PLANS);
        // When / Then
        assertThat(app.get(FORECAST + "?subject=ada&limit=rpm").status()).isEqualTo(400);
        assertThat(app.get(FORECAST + "?subject=ada&limit=nothing").status()).isEqualTo(404);
        assertThat(app.get(FORECAST + "?subject=ada").status()).isEqualTo(400);
        assertThat(app.get(FORECAST + "?meter=cost&confidence=99").status()).isEqualTo(400);
        assertThat(app.get(FORECAST + "?meter=cost&period=year").status()).isEqualTo(400);
    }

    @Test
    void portal_does_not_see_what_others_use_through_a_forecast() {
        // Given
        admin.post(APPLY, PLANS);
        evenly("ada", 3, 2);
        var token = app.post("/api/v1/portal-tokens", "{\"subject\":\"ada\",\"ttl_seconds\":300}")
                .at("token");
        var portal = server.as(token);
        // When / Then
        assertThat(portal.get(FORECAST + "?limit=monthly-requests").at("used")).isEqualTo("6");
        assertThat(portal.get(FORECAST + "?limit=monthly-cost").status()).isEqualTo(404);
        assertThat(portal.get(FORECAST + "?meter=requests").at("scope")).isEqualTo("subject:ada");
    }

    @Test
    void subject_that_used_far_more_than_usual_is_told_with_its_day() {
        // Given
        evenly("ada", 30, 100);
        evenly("bob", 30, 100);
        use("ada", Instant.parse("2026-11-20T12:00:00Z"), 900);
        // When
        var anomalies = app.get("/api/v1/usage/anomalies?by=subject&measure=requests");
        // Then
        assertThat(anomalies.status()).as(anomalies.body()).isEqualTo(200);
        assertThat(anomalies.json().fields().items("anomalies")).hasSize(1);
        assertThat(anomalies.at("anomalies/0/subject")).isEqualTo("ada");
        assertThat(anomalies.at("anomalies/0/from")).isEqualTo("2026-11-19T23:00:00Z");
        assertThat(anomalies.at("anomalies/0/used")).isEqualTo("1000");
        assertThat(anomalies.at("anomalies/0/expected")).isEqualTo("100");
        assertThat(app.get("/api/v1/usage/anomalies?by=model&measure=tokens").at("anomalies/0/model"))
                .isEqualTo("gpt-5.6-sol");
        assertThat(app.get("/api/v1/usage/anomalies?by=nothing").status()).isEqualTo(400);
    }

    @Test
    void dearest_operation_is_told_with_what_it_would_cost_otherwise() {
        // Given
        use("ada", Instant.parse("2026-11-20T12:00:00Z"), 10);
        // When
        var advice = app.get("/api/v1/usage/advice?days=7");
        // Then
        assertThat(advice.status()).as(advice.body()).isEqualTo(200);
        assertThat(advice.at("operations/0/model")).isEqualTo("gpt-5.6-sol");
        assertThat(advice.at("operations/0/requests")).isEqualTo("10");
        assertThat(advice.at("operations/0/cost")).isEqualTo("0.04");
        assertThat(advice.at("operations/0/listed_cost")).isEqualTo("0.04");
        assertThat(advice.at("operations/0/cheaper_models/0/cost")).isEqualTo("0.02");
        assertThat(advice.at("operations/0/cheaper_tiers/0/tier")).isEqualTo("batch");
        assertThat(advice.at("operations/0/cache/percent")).isEqualTo("0");
        assertThat(app.get("/api/v1/usage/advice?subject=bob").at("operations")).isEqualTo("[]");
    }

    @Test
    void what_was_held_is_compared_with_what_was_used() {
        // Given
        held(
                "one",
                "\"subject\":\"ada\",\"provider\":\"openai\",\"model\":\"gpt-5.6-sol\",\"quantities\":{\"tokens.input\":1000,\"tokens.output\":100}");
        commit("one", "{\"quantities\":{\"tokens.input\":900,\"tokens.output\":10}}");
        held(
                "two",
                "\"subject\":\"ada\",\"provider\":\"openai\",\"model\":\"gpt-5.6-sol\",\"quantities\":{\"tokens.input\":1000,\"tokens.output\":100}");
        commit("two", "{\"quantities\":{\"tokens.input\":1000,\"tokens.output\":200}}");
        use("ada", Instant.parse("2026-11-22T09:00:00Z"), 1);
        // When
        var report =
                app.get("/api/v1/admin/reconciliation/estimates?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z");
        // Then
        assertThat(report.status()).as(report.body()).isEqualTo(200);
        assertThat(report.at("lines/0/day")).isEqualTo("2026-11-22");
        assertThat(report.at("lines/0/events")).isEqualTo("2");
        assertThat(report.at("lines/0/over_estimate")).isEqualTo("1");
        assertThat(report.at("lines/0/estimated_tokens")).isEqualTo("2200");
        assertThat(report.at("lines/0/tokens")).isEqualTo("2110");
        assertThat(report.at("lines/0/estimated_cost")).isEqualTo("0.012");
        assertThat(report.at("lines/0/cost")).isEqualTo("0.0118");
    }

    @Test
    void report_of_a_provider_is_compared_with_what_is_recorded_by_day_and_model() {
        // Given
        use("ada", Instant.parse("2026-11-20T12:00:00Z"), 10);
        var path = "/api/v1/admin/reconciliation/provider?format=";
        // When
        var used = admin.post(path + "openai-usage", """
                {"data":[{"start_time":1795132800,"results":[
                  {"input_tokens":10500,"output_tokens":0,"num_model_requests":11,"model":"gpt-5.6-sol"},
                  {"input_tokens":7,"output_tokens":1,"num_model_requests":1,"model":"gpt-6-luna"}]}]}""");
        var cost = admin.post(path + "openai-costs", """
                {"data":[{"start_time":1795132800,"results":[
                  {"amount":{"value":0.05,"currency":"usd"},"line_item":"gpt-5.6-sol, input"}]}]}""");
        // Then
        assertThat(used.status()).as(used.body()).isEqualTo(200);
        assertThat(used.at("lines/0/model")).isEqualTo("gpt-5.6-sol");
        assertThat(used.at("lines/0/recorded/requests")).isEqualTo("10");
        assertThat(used.at("lines/0/difference/requests")).isEqualTo("1");
        assertThat(used.at("lines/0/difference/tokens.input")).isEqualTo("500");
        assertThat(used.at("lines/1/model")).isEqualTo("gpt-6-luna");
        assertThat(used.at("lines/1/recorded")).isEqualTo("null");
        assertThat(cost.at("lines/0/reported_cost")).isEqualTo("0.05");
        assertThat(cost.at("lines/0/recorded_cost")).isEqualTo("0.04");
        assertThat(cost.at("lines/0/cost_difference")).isEqualTo("0.01");
        var acmes = server.adminOf("acme");
        assertThat(acmes.post(path + "openai-usage", "{\"data\":[]}").at("lines"))
                .isEqualTo("[]");
        assertThat(admin.post(path + "guess", "{\"data\":[]}").status()).isEqualTo(400);
        var reader = server.as(server.key(Role.READ, "acme", null));
        assertThat(reader.post(path + "openai-usage", "{\"data\":[]}").status()).isEqualTo(403);
    }
}
