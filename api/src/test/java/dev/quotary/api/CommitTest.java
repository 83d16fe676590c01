package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitTest extends ServerTest {
    private static final String ANSWER = """
            {"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-mini-2024-07-18","service_tier":"default",
             "choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":900,"completion_tokens":400,"total_tokens":1300,
                      "prompt_tokens_details":{"cached_tokens":500}}}""";

    @BeforeEach
    void hold() {
        held(
                "r1",
                "\"subject\":\"u\",\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"feature\":\"chat\","
                        + "\"quantities\":{\"ai_generation\":1,\"tokens.input\":900,\"tokens.output\":1000}");
    }

    @Test
    void commit_that_names_nothing_keeps_what_was_held() {
        // When
        var answer = commit("r1", "");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("quantities"))
                .isEqualTo(
                        "{\"ai_generation\":1,\"requests\":1,\"tokens\":1900,\"tokens.input\":900,\"tokens.output\":1000}");
        assertThat(answer.at("cost")).isEqualTo("0.000735");
        assertThat(answer.at("late")).isEqualTo("false");
        assertThat(answer.header("x-quotary-event")).isEqualTo(answer.at("event_id"));
        assertThat(answer.header("x-quotary-cost")).isEqualTo("0.000735");
    }

    @Test
    void tokens_are_taken_together_and_priced_with_a_receipt() {
        // When
        var answer = commit("r1", "{\"quantities\":{\"tokens.input\":812}}");
        // Then
        assertThat(answer.at("quantities"))
                .isEqualTo("{\"ai_generation\":1,\"requests\":1,\"tokens\":812,\"tokens.input\":812}");
        assertThat(answer.at("cost")).isEqualTo("0.0001218");
        assertThat(answer.at("estimate/cost")).isEqualTo("0.000735");
        assertThat(answer.at("estimate/quantities/tokens.output")).isEqualTo("1000");
        assertThat(answer.at("receipt/lines/0"))
                .isEqualTo(
                        "{\"component\":\"input\",\"quantity\":812,\"unit_price\":\"0.00000015\",\"amount\":\"0.0001218\"}");
        assertThat(shown("u", "daily-tokens", "used")).isEqualTo("812");
        assertThat(shown("u", "daily-cost", "used")).isEqualTo("0.0001218");
    }

    @Test
    void total_of_which_the_parts_are_not_known_is_priced_as_output() {
        // When
        var answer = commit("r1", "{\"quantities\":{\"tokens\":1000}}");
        // Then
        assertThat(answer.at("cost")).isEqualTo("0.0006");
    }

    @Test
    void cost_that_is_named_is_not_computed() {
        // When
        var answer = commit("r1", "{\"cost\":\"0.0105\",\"quantities\":{\"tokens.input\":1,\"tokens.output\":1}}");
        // Then
        assertThat(answer.at("cost")).isEqualTo("0.0105");
        assertThat(answer.at("receipt")).isEqualTo("null");
    }

    @Test
    void failed_call_counts_as_made_and_nothing_else() {
        // When
        var answer = commit("r1", "{\"outcome\":\"error\",\"error_type\":\"timeout\"}");
        // Then
        assertThat(answer.at("quantities")).isEqualTo("{\"requests\":1}");
        assertThat(answer.at("cost")).isEqualTo("0");
        assertThat(shown("u", "generations", "used")).isEqualTo("0");
        assertThat(shown("u", "rpm", "used")).isEqualTo("1");
    }

    @Test
    void usage_is_read_out_of_the_providers_answer() {
        // When
        var answer = commit("r1", "{\"provider_response\":" + ANSWER + "}");
        // Then
        assertThat(answer.at("quantities"))
                .isEqualTo(
                        "{\"ai_generation\":1,\"requests\":1,\"tokens\":1300,\"tokens.input\":900,\"tokens.output\":400}");
        assertThat(answer.at("cost")).isEqualTo("0.0003375");
        var event = app.get("/api/v1/usage/events/" + answer.at("event_id"));
        assertThat(event.at("source")).isEqualTo("provider");
        assertThat(event.at("tokens/cached_input")).isEqualTo("500");
        assertThat(event.at("feature")).isEqualTo("chat");
        assertThat(event.at("receipt/lines/1/component")).isEqualTo("cached_input");
    }

    @Test
    void cost_that_the_provider_reports_is_taken() {
        // When
        var answer = commit(
                "r1",
                "{\"provider_response\":"
                        + ANSWER.replace(
                                "\"total_tokens\":1300", "\"total_tokens\":1300,\"cost_in_usd_ticks\":37756000")
                        + "}");
        // Then
        assertThat(answer.at("cost")).isEqualTo("0.0037756");
        assertThat(answer.at("receipt")).isEqualTo("null");
    }

    @Test
    void answer_without_usage_is_refused_at_its_place() {
        // When
        var missing = commit("r1", "{\"provider_response\":{\"choices\":[],\"usage\":null}}");
        var broken = commit(
                "r1", "{\"provider_response\":" + ANSWER.replace("\"total_tokens\":1300", "\"total_tokens\":13") + "}");
        var other = commit("r1", "{\"provider_response\":{\"candidates\":[]}}");
        // Then
        assertThat(missing.status()).isEqualTo(400);
        assertThat(missing.at("pointer")).isEqualTo("/provider_response");
        assertThat(broken.at("pointer")).isEqualTo("/provider_response");
        assertThat(broken.at("expected")).contains("total_tokens");
        assertThat(other.at("pointer")).isEqualTo("/provider_response");
        assertThat(shown("u", "generations", "held")).isEqualTo("1");
    }

    @Test
    void repeated_commit_answers_the_same_event_and_counts_once() {
        // Given
        var first = commit("r1", "{\"quantities\":{\"tokens.input\":812,\"tokens.output\":95},\"latency_ms\":812}");
        // When
        var second = commit("r1", "{\"latency_ms\":812,\"quantities\":{\"tokens.output\":95,\"tokens.input\":812}}");
        // Then
        assertThat(second.status()).isEqualTo(200);
        for (var member : new String[] {"event_id", "cost", "quantities", "late", "receipt"}) {
            assertThat(second.at(member)).isEqualTo(first.at(member));
        }
        assertThat(shown("u", "daily-tokens", "used")).isEqualTo("907");
    }

    @Test
    void second_commit_with_other_content_is_refused() {
        // Given
        commit("r1", "{\"quantities\":{\"tokens.input\":812}}");
        // When
        var second = commit("r1", "{\"quantities\":{\"tokens.input\":813}}");
        // Then
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.at("code")).isEqualTo("IDEMPOTENCY_MISMATCH");
        assertThat(shown("u", "daily-tokens", "used")).isEqualTo("812");
    }

    @Test
    void late_commit_is_recorded_and_marked() {
        // Given
        server.clock.advance(Duration.ofMinutes(5));
        // When
        var answer = commit("r1", "");
        // Then
        assertThat(answer.at("late")).isEqualTo("true");
        assertThat(shown("u", "generations", "used")).isEqualTo("1");
        assertThat(app.get("/api/v1/usage/events/" + answer.at("event_id")).at("time"))
                .isEqualTo("2026-11-22T10:00:00Z");
    }

    @Test
    void dimensions_and_metadata_are_kept_with_the_event() {
        // When
        var answer =
                commit("r1", "{\"dimensions\":{\"region\":\"eu\"},\"metadata\":{\"a\":[1,null]},\"model\":\"gpt-4o\"}");
        // Then
        var event = app.get("/api/v1/usage/events/" + answer.at("event_id"));
        assertThat(event.at("dimensions")).isEqualTo("{\"region\":\"eu\"}");
        assertThat(event.at("metadata")).isEqualTo("{\"a\":[1,null]}");
        assertThat(event.at("model")).isEqualTo("gpt-4o");
    }

    @Test
    void unknown_reservation_is_not_found() {
        // When
        var own = commit("nobody-reserved-this", "");
        var id = commit("rsv_00000000000000000000000000000001", "");
        // Then
        assertThat(own.status()).isEqualTo(404);
        assertThat(own.at("code")).isEqualTo("RESERVATION_UNKNOWN");
        assertThat(id.status()).isEqualTo(404);
    }

    @Test
    void committed_use_is_there_after_a_restart() {
        // Given
        var committed = commit("r1", "{\"quantities\":{\"tokens.input\":812}}");
        server.close();
        // When
        server = ApiServer.in(directory);
        app = server.service();
        // Then
        assertThat(shown("u", "daily-tokens", "used")).isEqualTo("812");
        assertThat(commit("r1", "{\"quantities\":{\"tokens.input\":812}}").at("event_id"))
                .isEqualTo(committed.at("event_id"));
    }
}
