package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The metering platform of {@code examples/m-metering-platform}, as far as it is about events, quotas and headers: the number in a test's
 * name is the row of the scenario.
 */
@Timeout(60)
class ScenarioMIT {
    @TempDir
    private static Path folder;

    private static Example app;

    @BeforeAll
    static void start() {
        app = Example.start(folder, "m-metering-platform", TestServer.NOW);
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    /** Tenants share their counters over the tests, so each has a billing period of its own. */
    @BeforeEach
    void begin_a_new_billing_period() {
        var today = app.now().atZone(ZoneOffset.UTC).toLocalDate();
        app.at(LocalDate.of(today.getYear(), today.getMonth(), 1)
                .plusMonths(2)
                .withDayOfMonth(16)
                .atTime(12, 0)
                .toInstant(ZoneOffset.UTC));
    }

    @Test
    void m1_event_carries_tenant_user_feature_quantity_time_and_anything_else() {
        // Given
        var metadata = "{\"endpoint\":\"/v1/reports\",\"method\":\"POST\",\"response_size\":18231,\"duration_ms\":84}";
        // When
        var made = api("tenant-a")
                .post(
                        "/api/v1/usage/records",
                        "{\"id\":\"m1-event\",\"subject\":\"user-1\",\"feature\":\"api_calls\",\"time\":\"" + app.now()
                                + "\",\"quantities\":{\"api_calls\":3},\"metadata\":" + metadata + "}")
                .expect(200);
        // Then
        var event = api("tenant-a")
                .get("/api/v1/usage/events/" + made.at("/events/0/id").asText())
                .expect(200);
        assertThat(event.get("organization").asText()).isEqualTo("tenant-a");
        assertThat(event.get("subject").asText()).isEqualTo("user-1");
        assertThat(event.get("feature").asText()).isEqualTo("api_calls");
        assertThat(event.at("/quantities/api_calls").asLong()).isEqualTo(3);
        assertThat(event.get("time").asText()).isEqualTo(app.now().toString());
        assertThat(event.get("metadata")).isEqualTo(Api.json(metadata));
        // The billing period that it belongs to follows from its time, and from the tenant's anchor, the 15th.
        var period = limit("tenant-a", "api-calls").get("window_start").asText();
        assertThat(Instant.parse(period)).isEqualTo(app.now().minus(Duration.ofHours(36)));
    }

    @Test
    void m1_event_that_is_sent_again_is_counted_once() {
        // Given
        var event = "{\"id\":\"m1-" + app.now() + "\",\"quantities\":{\"api_calls\":5}}";
        api("tenant-a").post("/api/v1/usage/records", event).expect(200);
        // When
        var again = api("tenant-a").post("/api/v1/usage/records", event).expect(200);
        var other = api("tenant-a").post("/api/v1/usage/records", event.replace(":5", ":6"));
        // Then
        assertThat(again.get("recorded").asLong()).isZero();
        assertThat(again.get("duplicates").asLong()).isEqualTo(1);
        assertThat(other.expect(409).get("code").asText()).isEqualTo("IDEMPOTENCY_MISMATCH");
        assertThat(limit("tenant-a", "api-calls").get("used").asLong()).isEqualTo(5);
    }

    @Test
    void m2_use_is_in_the_quota_status_by_the_time_that_it_is_acknowledged() {
        for (int i = 1; i <= 20; i++) {
            // When
            record("tenant-a", "{\"api_calls\":2}");
            // Then
            assertThat(limit("tenant-a", "api-calls").get("used").asLong()).isEqualTo(2L * i);
        }
    }

    @Test
    void m3_quota_status_answers_what_a_page_needs_and_remaining_is_never_below_nothing() {
        // Given
        record("tenant-a", "{\"api_calls\":1150}");
        // When
        var limit = limit("tenant-a", "api-calls");
        // Then
        assertThat(limit.get("used").asLong()).isEqualTo(1_150);
        assertThat(limit.get("max").asLong()).isEqualTo(1_000);
        assertThat(limit.get("remaining").asLong()).isZero();
        assertThat(limit.get("percent").asText()).isEqualTo("115.0");
        assertThat(limit.get("state").asText()).isEqualTo("overage");
        assertThat(Instant.parse(limit.get("resets_at").asText())).isAfter(app.now());
    }

    @Test
    void m3_configuration_carries_limit_overage_and_thresholds() {
        // When
        var plan = app.admin().get("/api/v1/plans/starter").expect(200);
        // Then
        var limit = plan.at("/limits/0");
        assertThat(limit.get("max").asLong()).isEqualTo(1_000);
        assertThat(limit.at("/exceeded/action").asText()).isEqualTo("overage");
        assertThat(limit.at("/exceeded/overage_max").asLong()).isEqualTo(200);
        assertThat(limit.get("warn_at").toString()).isEqualTo("[50,75,90,100]");
    }

    @Test
    void m4_warnings_come_at_their_thresholds_and_overage_ends_at_its_own_limit() {
        // Given
        record("tenant-a", "{\"api_calls\":499}");
        // When
        var below = threshold("tenant-a");
        record("tenant-a", "{\"api_calls\":1}");
        var half = threshold("tenant-a");
        record("tenant-a", "{\"api_calls\":250}");
        var most = threshold("tenant-a");
        record("tenant-a", "{\"api_calls\":150}");
        var nearly = threshold("tenant-a");
        record("tenant-a", "{\"api_calls\":100}");
        var all = threshold("tenant-a");
        // Then
        assertThat(below).isZero();
        assertThat(half).isEqualTo(50);
        assertThat(most).isEqualTo(75);
        assertThat(nearly).isEqualTo(90);
        assertThat(all).isEqualTo(100);
        app.after(Duration.ofMinutes(1));
        assertThat(reserve("tenant-a", 60).expect(201).get("decision").asText()).isEqualTo("allowed_with_warnings");
        record("tenant-a", "{\"api_calls\":141}");
        app.after(Duration.ofMinutes(1));
        assertThat(Example.violated(reserve("tenant-a", 60).expect(402))).containsExactly("api-calls");
    }

    @Test
    void m4_calls_beyond_the_plan_are_slowed_down_then_blocked() {
        // Given
        record("tenant-b", "{\"api_calls\":100}");
        // When
        var slowed = reserve("tenant-b", 20).expect(201);
        var blocked = reserve("tenant-b", 1);
        // Then
        assertThat(slowed.get("decision").asText()).isEqualTo("throttled");
        assertThat(slowed.get("delay_ms").asLong()).isEqualTo(2_000);
        assertThat(Example.violated(blocked.expect(429))).containsExactly("api-calls");
    }

    @Test
    void m4_grace_lets_calls_pass_for_a_day_and_no_longer() {
        // Given
        var call = "{\"quantities\":{\"compute_time\":600}}";
        record("tenant-b", "{\"compute_time\":3600}");
        // When
        var first = api("tenant-b").post("/api/v1/usage/reservations", call);
        app.after(Duration.ofHours(23));
        var within = api("tenant-b").post("/api/v1/usage/reservations", call);
        app.after(Duration.ofHours(2));
        var after = api("tenant-b").post("/api/v1/usage/reservations", call);
        // Then
        assertThat(Example.limit(first.expect(201), "compute").get("state").asText())
                .isEqualTo("grace");
        within.expect(201);
        assertThat(Example.violated(after.expect(402))).containsExactly("compute");
    }

    @Test
    void m4_burst_is_what_the_minute_before_left() {
        // Given
        commit("tenant-c", reserve("tenant-c", 40));
        app.after(Duration.ofMinutes(1));
        // When
        var more = reserve("tenant-c", 80);
        var tooMuch = reserve("tenant-c", 1);
        // Then
        commit("tenant-c", more);
        assertThat(Example.violated(tooMuch.expect(429))).containsExactly("api-rate");
    }

    @Test
    void m5_rate_is_refused_with_429_with_the_quota_in_the_body_and_the_headers_of_every_answer() {
        // Given
        var passed = reserve("tenant-a", 60);
        // When
        var refused = reserve("tenant-a", 40);
        // Then
        passed.expect(201);
        assertThat(passed.header("X-Usage-Current")).hasValue("60");
        assertThat(passed.header("X-Usage-Limit")).hasValue("60");
        assertThat(passed.header("X-Usage-Remaining")).hasValue("0");
        assertThat(passed.header("Server-Timing").orElse("")).matches("quotary;dur=\\d+\\.\\d{3}");
        var body = refused.expect(429);
        assertThat(body.get("code").asText()).isEqualTo("RATE_LIMIT_EXCEEDED");
        assertThat(Example.violated(body)).containsExactly("api-rate");
        assertThat(refused.header("X-Usage-Current")).hasValue("60");
        assertThat(refused.header("X-Usage-Limit")).hasValue("60");
        assertThat(refused.header("X-Usage-Remaining")).hasValue("0");
        assertThat(refused.header("Retry-After")).hasValue("60");
        assertThat(refused.header("RateLimit").orElse("")).contains("\"api-rate\";r=");
    }

    @Test
    void m11_levels_are_set_and_never_reset_and_sums_add_up() {
        // Given
        record("tenant-a", "{\"storage\":700000000,\"users\":4,\"projects\":2,\"data_transfer\":1000,\"backups\":5}");
        // When
        app.after(Duration.ofDays(40));
        record("tenant-a", "{\"storage\":600000000,\"session_time\":90}");
        // Then
        assertThat(limit("tenant-a", "storage").get("used").asLong()).isEqualTo(600_000_000);
        assertThat(limit("tenant-a", "users").get("used").asLong()).isEqualTo(4);
        var third = api("tenant-a").post("/api/v1/usage/reservations", "{\"quantities\":{\"users\":2}}");
        assertThat(Example.violated(third.expect(402))).containsExactly("users");
    }

    private static Api api(String tenant) {
        return app.backend(tenant);
    }

    private static void record(String tenant, String quantities) {
        api(tenant)
                .post("/api/v1/usage/records", "{\"quantities\":" + quantities + "}")
                .expect(200);
    }

    private static Api.Answer reserve(String tenant, int calls) {
        return api(tenant).post("/api/v1/usage/reservations", "{\"quantities\":{\"api_calls\":" + calls + "}}");
    }

    private static void commit(String tenant, Api.Answer reserved) {
        var id = reserved.expect(201).at("/reservation/id").asText();
        api(tenant).post("/api/v1/usage/reservations/" + id + "/commit", "{}").expect(200);
    }

    private static JsonNode limit(String tenant, String limit) {
        return Example.limit(api(tenant).get("/api/v1/usage/status").expect(200), limit);
    }

    /** The threshold that the limit on API calls has reached; 0 for none. */
    private static int threshold(String tenant) {
        for (var warning : api(tenant).get("/api/v1/usage/status").expect(200).get("warnings")) {
            if (warning.get("limit").asText().equals("api-calls")) {
                return warning.get("threshold").asInt();
            }
        }
        return 0;
    }
}
