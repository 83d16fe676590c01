package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReservationsTest extends ServerTest {
    private static final String EXAMPLE = """
            { "id": "my-idempotency-id", "subject": "user-9", "session": "s-9", "workflow": null, "feature": "chat",
              "provider": "openai", "model": "gpt-4o-mini",
              "quantities": { "requests": 1, "tokens.input": 900, "tokens.output": 1000 }, "cost": null,
              "ttl_seconds": 60, "metadata": { "any": "thing" } }""";

    @Test
    void example_of_the_documentation_holds_and_costs_what_it_says() {
        // Given
        app.post(RECORDS, "{\"subject\":\"user-9\",\"quantities\":{\"requests\":0,\"tokens\":41000}}");
        // When
        var answer = reserve(EXAMPLE);
        // Then
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.at("allowed")).isEqualTo("true");
        assertThat(answer.at("decision")).isEqualTo("allowed");
        assertThat(answer.at("estimated_cost")).isEqualTo("0.000735");
        assertThat(answer.at("reservation/expires_at")).isEqualTo("2026-11-22T10:01:00Z");
        assertThat(answer.at("limits/1"))
                .isEqualTo(
                        "{\"limit\":\"daily-tokens\",\"meter\":\"tokens\",\"scope\":\"subject:user-9\",\"window\":\"day\","
                                + "\"window_start\":\"2026-11-21T23:00:00Z\",\"resets_at\":\"2026-11-22T23:00:00Z\","
                                + "\"max\":100000,\"unlimited\":false,\"used\":41000,\"held\":1900,\"remaining\":57100,"
                                + "\"percent\":42.9,\"state\":\"ok\"}");
        assertThat(answer.at("limits/2/max")).isEqualTo("5");
        assertThat(answer.at("limits/2/held")).isEqualTo("0.000735");
    }

    @Test
    void repeated_reservation_is_the_same_and_holds_nothing_more() {
        // Given
        var first = reserve(EXAMPLE);
        server.clock.advance(Duration.ofSeconds(5));
        // When
        var second = reserve(EXAMPLE);
        // Then
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.at("reservation")).isEqualTo(first.at("reservation"));
        assertThat(second.at("limits/1/held")).isEqualTo("1900");
    }

    @Test
    void repeat_may_name_its_context_in_headers_and_in_another_order() {
        // Given
        var first = reserve(EXAMPLE);
        // When
        var second = app.with("Idempotency-Key", "my-idempotency-id")
                .with("X-Quotary-Subject", "user-9")
                .with("X-Quotary-Session", "s-9")
                .with("X-Quotary-Feature", "chat")
                .with("X-Quotary-Metadata", "{\"any\":\"thing\"}")
                .post(
                        RESERVATIONS,
                        "{\"model\":\"gpt-4o-mini\",\"provider\":\"openai\",\"ttl_seconds\":60,"
                                + "\"quantities\":{\"tokens.output\":1000,\"tokens.input\":900,\"requests\":1}}");
        // Then
        assertThat(second.at("reservation/id")).isEqualTo(first.at("reservation/id"));
        assertThat(second.at("limits/1/held")).isEqualTo("1900");
    }

    @Test
    void same_id_with_other_content_is_refused() {
        // Given
        reserve(EXAMPLE);
        // When
        var other = reserve(EXAMPLE.replace("900", "901"));
        // Then
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.at("code")).isEqualTo("IDEMPOTENCY_MISMATCH");
        assertThat(shown("user-9", "daily-tokens", "held")).isEqualTo("1900");
    }

    @Test
    void settled_reservation_cannot_be_reserved_again() {
        // Given
        held("r1", "\"subject\":\"u\",\"quantities\":{\"ai_generation\":1}");
        commit("r1", "");
        // When
        var again = reserve("{\"id\":\"r1\",\"subject\":\"u\",\"quantities\":{\"ai_generation\":1}}");
        // Then
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.at("code")).isEqualTo("RESERVATION_CLOSED");
    }

    @Test
    void check_holds_nothing_and_says_no_with_the_members_of_a_refusal() {
        // Given
        app.post(RECORDS, "{\"subject\":\"u\",\"quantities\":{\"ai_generation\":50}}");
        // When
        var denied = app.post(CHECK, "{\"subject\":\"u\",\"quantities\":{\"ai_generation\":1}}");
        var allowed = app.post(CHECK, "{\"subject\":\"v\",\"quantities\":{\"ai_generation\":50}}");
        // Then
        assertThat(denied.status()).isEqualTo(200);
        assertThat(denied.at("allowed")).isEqualTo("false");
        assertThat(denied.at("status")).isEqualTo("402");
        assertThat(denied.at("violations/0/limit")).isEqualTo("generations");
        assertThat(denied.header("x-quotary-decision")).isEqualTo("denied");
        assertThat(allowed.at("allowed")).isEqualTo("true");
        assertThat(shown("v", "generations", "held")).isEqualTo("0");
    }

    @Test
    void rate_is_refused_with_429_and_the_seconds_to_wait() {
        // Given
        for (int i = 0; i < 10; i++) {
            held("r" + i, "\"subject\":\"u\",\"quantities\":{\"requests\":1}");
            commit("r" + i, "");
        }
        server.clock.advance(Duration.ofMillis(30_500));
        // When
        var refused = reserve("{\"subject\":\"u\",\"quantities\":{\"requests\":1}}");
        // Then
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.at("code")).isEqualTo("RATE_LIMIT_EXCEEDED");
        assertThat(refused.at("detail"))
                .isEqualTo("Usage limit exceeded for requests. Your free plan allows 10 per minute. You've used 10.");
        assertThat(refused.header("retry-after")).isEqualTo("30");
    }

    @Test
    void every_violated_limit_is_named_and_the_cost_is_in_dollars() {
        // Given
        app.post(RECORDS, "{\"subject\":\"u\",\"cost\":\"4.5\",\"quantities\":{\"tokens\":99000}}");
        // When
        var refused = reserve("{\"subject\":\"u\",\"cost\":\"0.75\",\"quantities\":{\"tokens\":2000}}");
        // Then
        assertThat(refused.status()).isEqualTo(402);
        assertThat(refused.json().fields().items("violations")).hasSize(2);
        assertThat(refused.at("detail"))
                .isEqualTo("Usage limit exceeded for tokens. Your free plan allows 100000 per day. You've used 99000."
                        + " This call asks for 2000.");
        assertThat(refused.at("violations/1/meter")).isEqualTo("cost");
        assertThat(refused.at("violations/1/used")).isEqualTo("4.5");
        assertThat(refused.at("violations/1/remaining")).isEqualTo("0.5");
    }

    @Test
    void cost_alone_is_refused_in_dollars() {
        // Given
        app.post(RECORDS, "{\"subject\":\"u\",\"cost\":\"5\"}");
        // When
        var refused = reserve("{\"subject\":\"u\",\"cost\":\"0.01\"}");
        // Then
        assertThat(refused.at("error"))
                .isEqualTo("Usage limit exceeded for cost. Your free plan allows $5.00 per day. You've used $5.00.");
    }

    @Test
    void calls_in_flight_are_limited_and_told_so() {
        // Given
        for (int i = 0; i < 4; i++) {
            held("r" + i, "\"subject\":\"u\",\"quantities\":{\"requests\":1}");
        }
        // When
        var refused = reserve("{\"subject\":\"u\",\"quantities\":{\"requests\":1}}");
        // Then
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.at("error"))
                .isEqualTo("Usage limit exceeded for requests. Your free plan allows 4 at once. 4 are running."
                        + " It waited " + refused.at("queue_wait_ms") + " ms for room.");
        assertThat(refused.header("retry-after")).isEqualTo("1");
    }

    @Test
    void headers_tell_the_tightest_limit_and_every_window() {
        // Given
        app.post(RECORDS, "{\"subject\":\"u\",\"quantities\":{\"ai_generation\":40}}");
        // When
        var answer = reserve("{\"subject\":\"u\",\"quantities\":{\"ai_generation\":1}}");
        // Then
        assertThat(answer.header("x-usage-current")).isEqualTo("41");
        assertThat(answer.header("x-usage-limit")).isEqualTo("50");
        assertThat(answer.header("x-usage-remaining")).isEqualTo("9");
        assertThat(answer.header("x-quotary-decision")).isEqualTo("allowed_with_warnings");
        assertThat(answer.at("warnings")).isEqualTo("[{\"limit\":\"generations\",\"threshold\":75}]");
        assertThat(answer.header("ratelimit-policy"))
                .startsWith(
                        "\"generations\";q=50;qu=\"ai_generation\";w=2592000, \"daily-tokens\";q=100000;qu=\"tokens\";w=86400, "
                                + "\"daily-cost\";q=5000000;qu=\"usd-micros\";w=86400, \"rpm\";q=10;w=60, ")
                .endsWith("\"org-budget\";q=500000000;qu=\"usd-micros\";w=2592000");
        assertThat(answer.header("ratelimit"))
                .startsWith("\"generations\";r=9;t=738000, \"daily-tokens\";r=100000;t=46800, ");
    }

    @Test
    void extension_holds_more_at_the_price_of_the_whole_and_lasts_longer() {
        // Given
        reserve(EXAMPLE);
        server.clock.advance(Duration.ofSeconds(50));
        // When
        var extended = app.post(
                RESERVATIONS + "/my-idempotency-id/extend",
                "{\"quantities\":{\"tokens.output\":500},\"ttl_seconds\":60}");
        // Then
        assertThat(extended.status()).isEqualTo(200);
        assertThat(extended.at("estimated_cost")).isEqualTo("0.001035");
        assertThat(extended.at("reservation/expires_at")).isEqualTo("2026-11-22T10:01:50Z");
        assertThat(extended.at("limits/1/held")).isEqualTo("2400");
    }

    @Test
    void extension_without_room_keeps_what_was_held() {
        // Given
        reserve(EXAMPLE);
        // When
        var refused = app.post(
                RESERVATIONS + "/my-idempotency-id/extend",
                "{\"quantities\":{\"tokens.output\":100000},\"cost\":\"0\"}");
        // Then
        assertThat(refused.status()).isEqualTo(402);
        assertThat(shown("user-9", "daily-tokens", "held")).isEqualTo("1900");
    }

    @Test
    void extension_of_what_has_expired_is_refused() {
        // Given
        reserve(EXAMPLE);
        server.clock.advance(Duration.ofSeconds(61));
        // When
        var refused = app.post(RESERVATIONS + "/my-idempotency-id/extend", "{}");
        // Then
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.at("code")).isEqualTo("RESERVATION_CLOSED");
    }

    @Test
    void extension_beyond_what_can_be_counted_is_an_error_of_the_caller() {
        // Given
        held("r1", "\"subject\":\"user-1\",\"quantities\":{\"ai_generation\":1,\"tokens.output\":1}");
        // When
        var amount = app.post(RESERVATIONS + "/r1/extend", "{\"quantities\":{\"ai_generation\":1000000000000000}}");
        var tokens = app.post(RESERVATIONS + "/r1/extend", "{\"quantities\":{\"tokens.output\":1000000000000}}");
        var cost = app.post(
                RESERVATIONS + "/r1/extend", "{\"cost\":\"9223372\",\"quantities\":{\"tokens.output\":1000000000000}}");
        // Then
        assertThat(amount.status()).isEqualTo(400);
        assertThat(tokens.status()).isEqualTo(400);
        assertThat(cost.status()).isEqualTo(400);
    }

    @Test
    void released_reservation_holds_nothing_and_is_unknown_afterwards() {
        // Given
        reserve(EXAMPLE);
        // When
        var released = app.post(RESERVATIONS + "/my-idempotency-id/release", "");
        // Then
        assertThat(released.status()).isEqualTo(200);
        assertThat(shown("user-9", "daily-tokens", "held")).isEqualTo("0");
        assertThat(app.post(RESERVATIONS + "/my-idempotency-id/release", "").at("code"))
                .isEqualTo("RESERVATION_UNKNOWN");
        assertThat(commit("my-idempotency-id", "").status()).isEqualTo(404);
    }

    @Test
    void reservation_shows_what_became_of_it() {
        // Given
        var id = reserve(EXAMPLE).at("reservation/id");
        // When
        var held = app.get(RESERVATIONS + "/" + id);
        server.clock.advance(Duration.ofMinutes(2));
        var expired = app.get(RESERVATIONS + "/my-idempotency-id");
        var eventId = commit(id, "").at("event_id");
        var committed = app.get(RESERVATIONS + "/" + id);
        // Then
        assertThat(held.at("state")).isEqualTo("held");
        assertThat(held.at("cost")).isEqualTo("0.000735");
        assertThat(expired.at("state")).isEqualTo("expired");
        assertThat(committed.at("state")).isEqualTo("committed");
        assertThat(committed.at("event_id")).isEqualTo(eventId);
    }
}
