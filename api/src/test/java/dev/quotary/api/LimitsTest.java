package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Every kind of limit, declared in a file and met over HTTP. The clock begins on Sunday, 2026-11-22 at 10:00 UTC. */
class LimitsTest extends ServerTest {
    private static final String ONE = "{\"subject\":\"u\",\"quantities\":{\"ai_generation\":1}}";

    private void limit(String members) {
        var file = "plans: [ { key: free, limits: [ { key: only, meter: ai_generation, " + members + " } ] } ]";
        assertThat(admin.post(APPLY, file).status()).isEqualTo(200);
    }

    private ApiClient.Answer ask(int amount) {
        return reserve("{\"subject\":\"u\",\"quantities\":{\"ai_generation\":" + amount + "}}");
    }

    private void used(int amount) {
        var answer = app.post(RECORDS, "{\"subject\":\"u\",\"quantities\":{\"ai_generation\":" + amount + "}}");
        assertThat(answer.status()).isEqualTo(200);
    }

    private void restart() {
        var at = server.clock.instant();
        server.close();
        server = ApiServer.in(directory);
        server.clock.set(at);
        admin = server.admin();
        app = server.service();
    }

    @Test
    void sliding_window_tells_when_room_begins_to_come_back() {
        // Given
        limit("window: minute, sliding: true, max: 2");
        used(2);
        server.clock.advance(Duration.ofSeconds(50));
        // When
        var refused = reserve(ONE);
        restart();
        var stillRefused = reserve(ONE);
        server.clock.advance(Duration.ofSeconds(11));
        var granted = reserve(ONE);
        // Then
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("retry-after")).isEqualTo("11");
        assertThat(refused.at("limits/0/window")).isEqualTo("minute");
        assertThat(refused.at("limits/0/sliding")).isEqualTo("true");
        assertThat(refused.at("limits/0/window_start")).isEqualTo("null");
        assertThat(refused.at("limits/0/resets_at")).isEqualTo("2026-11-22T10:01:01Z");
        assertThat(refused.at("detail")).contains("allows 2 in any minute");
        assertThat(stillRefused.status()).isEqualTo(429);
        assertThat(granted.status()).isEqualTo(201);
    }

    @Test
    void sliding_limit_that_is_added_counts_what_was_used_already() {
        // Given
        limit("window: month, max: 50");
        used(2);
        server.clock.advance(Duration.ofMinutes(30));
        used(1);
        // When
        limit("window: hour, sliding: true, max: 10");
        // Then
        assertThat(shown("u", "only", "used")).isEqualTo("3");
        server.clock.advance(Duration.ofMinutes(31));
        assertThat(shown("u", "only", "used")).isEqualTo("1");
    }

    @Test
    void burst_uses_what_the_last_minute_left_also_after_a_restart() {
        // Given
        limit("window: minute, max: 10, burst: 6");
        used(7);
        server.clock.advance(Duration.ofMinutes(1));
        restart();
        // When
        var over = ask(14);
        var burst = ask(13);
        // Then
        assertThat(over.status()).isEqualTo(429);
        assertThat(burst.status()).isEqualTo(201);
        assertThat(burst.at("limits/0/burst")).isEqualTo("3");
        assertThat(burst.at("limits/0/remaining")).isEqualTo("0");
        assertThat(burst.at("limits/0/max")).isEqualTo("10");
    }

    @Test
    void throttled_call_is_admitted_with_a_delay_up_to_twice_the_maximum() {
        // Given
        limit("window: day, max: 2, exceeded: { action: throttle, delay: 2s }");
        // When
        var within = ask(2);
        var beyond = ask(1);
        var checked = app.post(CHECK, ONE);
        var last = ask(1);
        var refused = ask(1);
        // Then
        assertThat(within.at("decision")).isEqualTo("allowed_with_warnings");
        assertThat(within.at("delay_ms")).isEqualTo("null");
        assertThat(beyond.status()).isEqualTo(201);
        assertThat(beyond.at("allowed")).isEqualTo("true");
        assertThat(beyond.at("decision")).isEqualTo("throttled");
        assertThat(beyond.at("delay_ms")).isEqualTo("2000");
        assertThat(beyond.at("limits/0/state")).isEqualTo("throttled");
        assertThat(beyond.header("x-quotary-delay-ms")).isEqualTo("2000");
        assertThat(beyond.header("retry-after")).isEmpty();
        assertThat(checked.status()).isEqualTo(200);
        assertThat(last.status()).isEqualTo(201);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.at("decision")).isEqualTo("denied");
    }

    @Test
    void grace_lets_calls_pass_for_its_time_and_no_longer_whatever_restarts() {
        // Given
        limit("window: month, max: 2, exceeded: { grace: 1h }");
        used(2);
        assertThat(shown("u", "only", "state")).isEqualTo("grace");
        // When
        server.clock.advance(Duration.ofMinutes(10));
        var first = ask(5);
        server.clock.advance(Duration.ofMinutes(59));
        restart();
        var last = ask(1);
        server.clock.advance(Duration.ofMinutes(1));
        var over = ask(1);
        // Then
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.at("limits/0/state")).isEqualTo("grace");
        assertThat(first.at("limits/0/grace_ends_at")).isEqualTo("2026-11-22T11:10:00Z");
        assertThat(last.status()).isEqualTo(201);
        assertThat(last.at("limits/0/grace_ends_at")).isEqualTo("2026-11-22T11:10:00Z");
        assertThat(over.status()).isEqualTo(402);
        assertThat(over.at("limits/0/grace_ends_at")).isEqualTo("null");
    }

    @Test
    void what_does_not_belong_together_is_refused_with_its_place() {
        // When, Then
        for (var wrong : new String[] {
            "window: month, sliding: true, max: 2",
            "window: lifetime, sliding: true, max: 2",
            "window: day, max: 2, burst: 1",
            "window: minute, max: 2, burst: 3",
            "window: day, max: 2, exceeded: { action: throttle }",
            "window: day, max: 2, exceeded: { action: throttle, delay: 2m }",
            "window: day, max: 2, exceeded: { delay: 2s }",
            "window: day, max: 2, exceeded: { overage_max: 2 }",
            "window: day, max: 2, exceeded: { action: overage }",
            "window: day, max: 2, exceeded: { action: shadow, grace: 1h }",
            "window: day, sliding: true, max: 2, exceeded: { grace: 1h }"
        }) {
            var file = "plans: [ { key: free, limits: [ { key: only, meter: ai_generation, " + wrong + " } ] } ]";
            var answer = admin.post(APPLY, file);
            assertThat(answer.status()).describedAs(wrong).isEqualTo(400);
            assertThat(answer.body()).describedAs(wrong).contains("/plans/0/limits/0");
        }
    }

    @Test
    void reset_sets_use_back_to_0_and_says_who_did_it() {
        // Given
        limit("window: month, max: 2");
        used(2);
        held("r1", "\"subject\":\"v\",\"quantities\":{\"ai_generation\":1}");
        assertThat(ask(1).status()).isEqualTo(402);
        // When
        var reset = admin.post("/api/v1/subjects/u/reset?organization=acme", "{\"limit\":\"only\"}");
        var granted = ask(2);
        // Then
        assertThat(reset.status()).isEqualTo(200);
        assertThat(reset.at("resets/0/amount")).isEqualTo("2");
        assertThat(reset.at("resets/0/at")).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(reset.at("resets/0/by")).startsWith("key_");
        assertThat(granted.status()).isEqualTo(201);
        restart();
        assertThat(shown("u", "only", "used")).isEqualTo("0");
        assertThat(admin.get("/api/v1/subjects/u/resets?organization=acme").at("resets/0/amount"))
                .isEqualTo("2");
        // A limit that counts the same anew must not bring it back either.
        limit("window: week, max: 2");
        assertThat(shown("u", "only", "used")).isEqualTo("2");
        limit("window: month, max: 3");
        assertThat(shown("u", "only", "used")).isEqualTo("0");
    }

    @Test
    void only_admins_reset_and_only_what_there_is() {
        // Given
        limit("window: month, max: 2");
        // When, Then
        assertThat(app.post("/api/v1/subjects/u/reset", "").status()).isEqualTo(403);
        assertThat(admin.post("/api/v1/subjects/u/reset?organization=acme", "{\"limit\":\"other\"}")
                        .status())
                .isEqualTo(404);
        assertThat(admin.post("/api/v1/subjects/u/reset?organization=acme", "").at("resets"))
                .isEqualTo("[]");
    }

    @Test
    void override_of_an_organization_ends_by_itself_and_a_subjects_own_goes_before() {
        // Given
        limit("window: month, max: 2");
        var answer = admin.post(APPLY, """
                organizations:
                  - key: acme
                    plan: free
                    overrides: [ { limit: only, max: 5, until: 2026-11-22T11:00:00Z, reason: launch } ]
                    subjects: [ { key: own, overrides: [ { limit: only, max: 3 } ] } ]
                """);
        assertThat(answer.status()).isEqualTo(200);
        // When, Then
        assertThat(shown("u", "only", "max")).isEqualTo("5");
        assertThat(shown("own", "only", "max")).isEqualTo("3");
        restart();
        assertThat(shown("u", "only", "max")).isEqualTo("5");
        server.clock.advance(Duration.ofHours(1));
        assertThat(shown("u", "only", "max")).isEqualTo("2");
        assertThat(shown("own", "only", "max")).isEqualTo("3");
    }

    @Test
    void week_begins_on_the_organizations_day() {
        // Given: a Sunday.
        limit("window: week, max: 2");
        // When
        admin.post(APPLY, "organizations: [ { key: acme, plan: free, week_start: sunday } ]");
        // Then
        assertThat(shown("u", "only", "window_start")).isEqualTo("2026-11-22T00:00:00Z");
        assertThat(shown("u", "only", "resets_at")).isEqualTo("2026-11-29T00:00:00Z");
    }

    @Test
    void repeated_commit_tells_the_estimate_also_after_a_restart() {
        // Given
        limit("window: month, max: 9");
        held("r1", "\"subject\":\"u\",\"quantities\":{\"ai_generation\":3},\"metadata\":{\"ticket\":\"A-7\"}");
        var first = commit("r1", "{\"quantities\":{\"ai_generation\":2}}");
        // When
        restart();
        var again = commit("r1", "{\"quantities\":{\"ai_generation\":2}}");
        // Then
        assertThat(first.at("estimate/quantities/ai_generation")).isEqualTo("3");
        assertThat(again.body()).isEqualTo(first.body());
        var event = app.get("/api/v1/usage/events/" + first.at("event_id"));
        assertThat(event.at("metadata")).isEqualTo("{\"ticket\":\"A-7\"}");
    }

    @Test
    void commit_with_metadata_of_its_own_keeps_that() {
        // Given
        held("r1", "\"subject\":\"u\",\"quantities\":{\"ai_generation\":1},\"metadata\":{\"a\":1}");
        // When
        var answer = commit("r1", "{\"metadata\":{\"b\":2}}");
        // Then
        assertThat(app.get("/api/v1/usage/events/" + answer.at("event_id")).at("metadata"))
                .isEqualTo("{\"b\":2}");
    }

    @Test
    void level_that_was_reported_before_a_limit_counted_it_is_not_added_up() {
        // Given
        admin.post(APPLY, "meters: [ { key: disk_bytes, aggregation: latest } ]");
        app.post(RECORDS, "{\"subject\":\"u\",\"quantities\":{\"disk_bytes\":50}}");
        app.post(RECORDS, "{\"subject\":\"u\",\"quantities\":{\"disk_bytes\":70}}");
        // When
        admin.post(APPLY, """
                plans: [ { key: free, limits: [ { key: only, meter: disk_bytes, window: lifetime, max: 100 } ] } ]
                """);
        // Then
        assertThat(shown("u", "only", "used")).isEqualTo("70");
    }

    @Test
    void session_is_shared_by_all_who_name_it_and_a_subject_shares_with_nobody() {
        // Given
        var file =
                "plans: [ { key: free, limits: [ { key: session, meter: requests, per: session, window: day, max: 2 },"
                        + " { key: own, meter: requests, per: subject, window: day, max: 2 } ] } ]";
        assertThat(admin.post(APPLY, file).status()).isEqualTo(200);
        var call = "{\"subject\":\"%s\",\"session\":\"%s\",\"quantities\":{\"requests\":1}}";
        reserve(call.formatted("u", "s-9"));
        reserve(call.formatted("v", "s-9"));
        // When
        var shared = reserve(call.formatted("u", "s-9"));
        var named = reserve(call.formatted("u", "u/s-9"));
        // Then
        assertThat(shared.status()).isEqualTo(402);
        assertThat(shared.at("violations/0/limit")).isEqualTo("session");
        assertThat(shared.at("violations/0/scope")).isEqualTo("session:s-9");
        assertThat(named.status()).isEqualTo(201);
        assertThat(reserve(call.formatted("u", "other")).at("violations/0/limit"))
                .isEqualTo("own");
    }
}
