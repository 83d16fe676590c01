package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordsTest extends ServerTest {
    private static String record(String id, int generations) {
        return "{\"id\":\"" + id + "\",\"subject\":\"u\",\"quantities\":{\"ai_generation\":" + generations + "}}";
    }

    @Test
    void record_is_priced_and_shown_with_its_receipt() {
        // When
        var answer = app.post(RECORDS, """
                {"id":"e1","subject":"u","time":"2026-11-20T08:00:00Z","provider":"openai","model":"gpt-4o-mini","feature":"chat",
                 "quantities":{"tokens.input":900,"tokens.output":1000},"outcome":"success","latency_ms":5,"queue_wait_ms":2}""");
        // Then
        assertThat(answer.at("recorded")).isEqualTo("1");
        assertThat(answer.at("duplicates")).isEqualTo("0");
        assertThat(answer.at("events/0/cost")).isEqualTo("0.000735");
        var event = app.get("/api/v1/usage/events/" + answer.at("events/0/id"));
        assertThat(event.at("time")).isEqualTo("2026-11-20T08:00:00Z");
        assertThat(event.at("receipt/total")).isEqualTo("0.000735");
        assertThat(event.at("quantities/requests")).isEqualTo("1");
        assertThat(event.at("source")).isEqualTo("reported");
        assertThat(event.at("queue_wait_ms")).isEqualTo("2");
    }

    @Test
    void record_is_never_refused_for_a_limit() {
        // When
        var answer = app.post(RECORDS, record("e1", 70));
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(shown("u", "generations", "used")).isEqualTo("70");
        assertThat(shown("u", "generations", "remaining")).isEqualTo("0");
        assertThat(shown("u", "generations", "state")).isEqualTo("exceeded");
    }

    @Test
    void repeated_record_counts_once() {
        // Given
        var first = app.post(RECORDS, record("e1", 2));
        // When
        var second = app.with("Idempotency-Key", "e1")
                .with("X-Quotary-Subject", "u")
                .post(RECORDS, "{\"quantities\":{\"ai_generation\":2}}");
        // Then
        assertThat(second.at("recorded")).isEqualTo("0");
        assertThat(second.at("duplicates")).isEqualTo("1");
        assertThat(second.at("events/0/id")).isEqualTo(first.at("events/0/id"));
        assertThat(second.at("events/0/duplicate")).isEqualTo("true");
        assertThat(shown("u", "generations", "used")).isEqualTo("2");
    }

    @Test
    void same_id_of_another_source_is_another_event() {
        // Given
        app.post(RECORDS, record("e1", 2));
        // When
        var other = app.post(RECORDS, record("e1", 3).replace("\"id\"", "\"source\":\"job\",\"id\""));
        // Then
        assertThat(other.at("recorded")).isEqualTo("1");
        assertThat(shown("u", "generations", "used")).isEqualTo("5");
    }

    @Test
    void batch_with_one_mismatch_records_nothing() {
        // Given
        app.post(RECORDS, record("e1", 2));
        // When
        var refused = app.post(RECORDS, "[" + record("e0", 1) + "," + record("e1", 3) + "]");
        // Then
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.at("code")).isEqualTo("IDEMPOTENCY_MISMATCH");
        assertThat(refused.at("pointer")).isEqualTo("/1");
        assertThat(shown("u", "generations", "used")).isEqualTo("2");
        assertThat(app.post(RECORDS, record("e0", 1)).at("recorded")).isEqualTo("1");
    }

    @Test
    void batch_with_one_bad_record_records_nothing() {
        // When
        var refused = app.post(RECORDS, "[" + record("e0", 1) + "," + record("e1", -3) + "]");
        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("pointer")).isEqualTo("/1/quantities/ai_generation");
        assertThat(shown("u", "generations", "used")).isEqualTo("0");
    }

    @Test
    void batch_without_ids_takes_them_from_its_key_and_positions() {
        // Given
        var batch =
                "[{\"subject\":\"u\",\"quantities\":{\"ai_generation\":1}},{\"subject\":\"u\",\"quantities\":{\"ai_generation\":2}}]";
        app.with("Idempotency-Key", "b1").post(RECORDS, batch);
        // When
        var second = app.with("Idempotency-Key", "b1").post(RECORDS, batch);
        // Then
        assertThat(second.at("duplicates")).isEqualTo("2");
        assertThat(shown("u", "generations", "used")).isEqualTo("3");
    }

    @Test
    void largest_batch_is_taken_and_a_larger_one_is_not() {
        // Given
        var records =
                IntStream.range(0, 10_000).mapToObj(i -> record("e" + i, 1)).collect(Collectors.joining(","));
        // When
        var taken = app.post(RECORDS, "[" + records + "]");
        var refused = app.post(RECORDS, "[" + records + "," + record("more", 1) + "]");
        // Then
        assertThat(taken.at("recorded")).isEqualTo("10000");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(shown("u", "generations", "used")).isEqualTo("10000");
    }

    @Test
    void time_is_bounded() {
        // When
        var ahead = app.post(RECORDS, "{\"subject\":\"u\",\"time\":\"2026-11-22T10:05:01Z\"}");
        var before = app.post(RECORDS, "{\"subject\":\"u\",\"time\":\"1969-12-31T23:59:59Z\"}");
        var almost = app.post(RECORDS, "{\"subject\":\"u\",\"time\":\"2026-11-22T10:05:00Z\"}");
        // Then
        assertThat(ahead.at("pointer")).isEqualTo("/time");
        assertThat(before.at("pointer")).isEqualTo("/time");
        assertThat(almost.status()).isEqualTo(200);
    }

    @Test
    void record_of_a_month_ago_counts_in_its_own_window() {
        // When
        app.post(RECORDS, "{\"subject\":\"u\",\"time\":\"2026-10-22T10:00:00Z\",\"quantities\":{\"ai_generation\":7}}");
        // Then
        assertThat(shown("u", "generations", "used")).isEqualTo("0");
        assertThat(server.sum("acme", "generations", "u", java.time.Instant.parse("2026-10-22T10:00:00Z")))
                .isEqualTo(7);
    }

    @Test
    void model_without_a_price_is_recorded_at_no_cost() {
        // When
        var answer = app.post(
                RECORDS,
                "{\"subject\":\"u\",\"provider\":\"openai\",\"model\":\"gpt-99\",\"quantities\":{\"tokens.input\":5}}");
        // Then
        assertThat(answer.at("events/0/cost")).isEqualTo("0");
    }

    @Test
    void level_is_set_by_a_record_and_changed_by_a_reservation() {
        // Given
        var plans = """
                plans:
                  - key: files
                    limits: [ { key: files, meter: kb_file, window: lifetime, max: 10 } ]
                organizations: [ { key: acme, plan: files } ]
                """;
        admin.post(APPLY, plans);
        app.post(RECORDS, "{\"subject\":\"u\",\"quantities\":{\"kb_file\":9}}");
        // When
        app.post(RECORDS, "{\"subject\":\"u\",\"quantities\":{\"kb_file\":4}}");
        held("r1", "\"subject\":\"u\",\"quantities\":{\"kb_file\":2}");
        commit("r1", "");
        // Then
        assertThat(shown("u", "files", "used")).isEqualTo("6");
    }

    @Test
    void provider_answer_is_recorded_under_the_model_named() {
        // When
        var answer = app.post(RECORDS, """
                {"subject":"u","provider":"openai","model":"gpt-4o-mini",
                 "provider_response":{"model":"gpt-4o-mini-2024-07-18","choices":[],
                   "usage":{"prompt_tokens":900,"completion_tokens":1000,"total_tokens":1900}}}""");
        // Then
        assertThat(answer.at("events/0/cost")).isEqualTo("0.000735");
        assertThat(shown("u", "daily-tokens", "used")).isEqualTo("1900");
    }

    @Test
    void raw_answer_alone_says_who_served_it_where_the_price_book_knows_the_model() {
        // Given
        var answer =
                "{\"subject\":\"%s\",\"provider_response\":{\"object\":\"chat.completion\",\"model\":\"%s\",\"choices\":[],"
                        + "\"usage\":{\"prompt_tokens\":900,\"completion_tokens\":1000,\"total_tokens\":1900}}}";
        // When
        var openAi = app.post(RECORDS, answer.formatted("u", "gpt-4o-mini-2024-07-18"));
        var xai = app.post(RECORDS, answer.formatted("v", "grok-4.3"));
        var nobodys = app.post(RECORDS, answer.formatted("w", "llama-9"));
        // Then
        assertThat(openAi.at("events/0/cost")).isEqualTo("0.000735");
        assertThat(served(openAi)).isEqualTo("openai gpt-4o-mini-2024-07-18");
        assertThat(xai.at("events/0/cost")).isEqualTo("0.003625");
        assertThat(served(xai)).isEqualTo("xai grok-4.3");
        assertThat(nobodys.at("events/0/cost")).isEqualTo("0");
        assertThat(served(nobodys)).isEqualTo("null null");
    }

    private String served(ApiClient.Answer recorded) {
        var event = app.get("/api/v1/usage/events/" + recorded.at("events/0/id"));
        return event.at("provider") + " " + event.at("model");
    }
}
