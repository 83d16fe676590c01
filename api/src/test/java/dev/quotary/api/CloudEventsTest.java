package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Role;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway.Init") // JUnit fills the fields before each test.
class CloudEventsTest extends ServerTest {
    private static final String EVENTS = "/api/v1/events";
    private static final String ONE = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";

    @BeforeEach
    void meters() {
        var applied = admin.post(APPLY, """
                meters:
                  - { key: tokens_used, aggregation: sum, event_type: prompt, value_property: "$.tokens",
                      group_by: { model: "$.model", kind: "$.about.kind" } }
                  - { key: prompts, aggregation: count, event_type: prompt }
                  - { key: people, aggregation: unique, event_type: prompt, value_property: "$.person" }
                  - { key: kb_file, aggregation: latest, event_type: files, value_property: "$.now" }
                plans:
                  - key: free
                    limits:
                      - { key: used-tokens, meter: tokens_used, window: day, max: 1000 }
                      - { key: big-model, meter: tokens_used, window: day, max: 10, where: { model: "big*" } }
                      - { key: prompts, meter: prompts, window: day, max: 5 }
                      - { key: files, meter: kb_file, window: lifetime, max: 20 }
                """);
        assertThat(applied.status()).as(applied.body()).isEqualTo(200);
    }

    private static String event(String id, String data) {
        return event(id, "\"time\":\"2026-11-22T09:00:00Z\"", data);
    }

    private static String event(String id, String members, String data) {
        return "{\"specversion\":\"1.0\",\"id\":\"" + id
                + "\",\"source\":\"writer\",\"type\":\"prompt\",\"subject\":\"u\"," + members + ",\"data\":" + data
                + "}";
    }

    private static String tokens(int tokens) {
        return "{\"tokens\":\"" + tokens + "\",\"model\":\"small\",\"person\":\"p1\",\"about\":{\"kind\":\"chat\"}}";
    }

    private ApiClient.Answer one(String event) {
        return app.with("Content-Type", ONE).post(EVENTS, event);
    }

    private ApiClient.Answer batch(String... events) {
        return app.with("Content-Type", BATCH).post(EVENTS, "[" + String.join(",", events) + "]");
    }

    private String eventOf(String source, String id) {
        var key = EventId.named(new OrganizationKey("acme"), source, id);
        return app.get("/api/v1/usage/events/" + key).body();
    }

    @Test
    void event_counts_on_every_meter_that_reads_its_type_and_on_their_limits() {
        // When
        var answer = one(event("e1", tokens(420)));
        // Then
        assertThat(answer.status()).as(answer.body()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(shown("u", "used-tokens", "used")).isEqualTo("420");
        assertThat(shown("u", "prompts", "used")).isEqualTo("1");
        assertThat(shown("u", "big-model", "used")).isEqualTo("0");
        assertThat(server.differences()).isEmpty();
    }

    @Test
    void event_is_kept_as_it_was_reported() {
        // Given
        one(event("e1", tokens(420)));
        // When
        var shown = new ApiClient.Answer(200, Map.of(), eventOf("writer", "e1"));
        // Then
        assertThat(shown.at("cloud_event/source")).isEqualTo("writer");
        assertThat(shown.at("cloud_event/id")).isEqualTo("e1");
        assertThat(shown.at("cloud_event/type")).isEqualTo("prompt");
        assertThat(shown.at("cloud_event/received_at")).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(shown.at("time")).isEqualTo("2026-11-22T09:00:00Z");
        assertThat(shown.at("subject")).isEqualTo("u");
        assertThat(shown.at("model")).isEqualTo("small");
        assertThat(shown.at("dimensions")).isEqualTo("{\"kind\":\"chat\",\"people\":\"p1\"}");
        assertThat(shown.at("quantities/tokens_used")).isEqualTo("420");
        assertThat(shown.at("quantities/people")).isEqualTo("1");
        assertThat(shown.at("metadata")).isEqualTo(tokens(420));
    }

    @Test
    void limit_filters_by_a_dimension_that_a_meter_reads() {
        // When
        one(event("e1", tokens(7).replace("small", "big-1")));
        // Then
        assertThat(shown("u", "big-model", "used")).isEqualTo("7");
        assertThat(shown("u", "used-tokens", "used")).isEqualTo("7");
    }

    @Test
    void event_is_never_refused_for_a_limit_and_stops_what_asks_afterwards() {
        // When
        var answer = one(event("e1", tokens(5000)));
        // Then
        assertThat(answer.status()).isEqualTo(204);
        assertThat(shown("u", "used-tokens", "state")).isEqualTo("exceeded");
        var refused = reserve("{\"subject\":\"u\",\"quantities\":{\"tokens_used\":1}}");
        assertThat(refused.status()).isEqualTo(402);
    }

    @Test
    void level_is_set_and_an_older_report_that_comes_late_does_not_undo_it() {
        // Given
        var files = "{\"specversion\":\"1.0\",\"id\":\"f1\",\"source\":\"s\",\"type\":\"files\",\"subject\":\"u\","
                + "\"time\":\"2026-11-22T09:00:00Z\",\"data\":{\"now\":12}}";
        one(files);
        // When
        one(files.replace("f1", "f2").replace("09:00", "08:00").replace("12}", "3}"));
        // Then
        assertThat(shown("u", "files", "used")).isEqualTo("12");
    }

    @Test
    void late_event_corrects_the_sum_of_its_own_day() {
        // When
        one(event("e1", "\"time\":\"2026-11-20T23:30:00Z\"", tokens(70)));
        // Then
        assertThat(shown("u", "used-tokens", "used")).isEqualTo("0");
        assertThat(server.sum("acme", "used-tokens", "u", ApiServer.START.minus(Duration.ofDays(1))))
                .as("2026-11-20 23:30 in UTC is the 21st in Berlin")
                .isEqualTo(70);
        assertThat(server.sum("acme", "used-tokens", "u", ApiServer.START.minus(Duration.ofDays(2))))
                .isZero();
    }

    @Test
    void event_without_time_happens_now() {
        // When
        one(event("e1", "\"time\":null", tokens(3)));
        // Then
        assertThat(new ApiClient.Answer(200, Map.of(), eventOf("writer", "e1")).at("time"))
                .isEqualTo("2026-11-22T10:00:00Z");
    }

    @Test
    void repeat_changes_nothing_in_whatever_mode_and_order_it_comes() {
        // Given
        one(event("e1", "{\"tokens\":5,\"person\":\"p\"}"));
        // When
        var again = app.with("Content-Type", "application/json")
                .with("ce-specversion", "1.0")
                .with("ce-id", "e1")
                .with("ce-source", "writ%65r")
                .with("ce-type", "prompt")
                .with("ce-subject", "u")
                .with("ce-time", "2026-11-22T09:30:00.000Z")
                .with("ce-traceparent", "00-1")
                .post(EVENTS, "{\"person\":\"p\",\"tokens\":5}");
        // Then
        assertThat(again.status()).as(again.body()).isEqualTo(204);
        assertThat(shown("u", "used-tokens", "used")).isEqualTo("5");
    }

    @Test
    void batch_counts_a_repeat_within_it_once() {
        // When
        var answer = batch(event("e1", tokens(1)), event("e2", tokens(2)), event("e1", tokens(1)));
        // Then
        assertThat(answer.status()).isEqualTo(204);
        assertThat(shown("u", "used-tokens", "used")).isEqualTo("3");
        assertThat(shown("u", "prompts", "used")).isEqualTo("2");
    }

    @Test
    void batch_with_one_event_of_other_content_under_a_known_id_records_nothing() {
        // Given
        one(event("e1", tokens(1)));
        // When
        var refused = batch(event("e0", tokens(10)), event("e1", tokens(2)));
        // Then
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.at("code")).isEqualTo("IDEMPOTENCY_MISMATCH");
        assertThat(refused.at("pointer")).isEqualTo("/1");
        assertThat(shown("u", "used-tokens", "used")).isEqualTo("1");
        assertThat(batch(event("e0", tokens(10))).status()).isEqualTo(204);
        assertThat(shown("u", "used-tokens", "used")).isEqualTo("11");
    }

    @Test
    void batch_with_one_bad_event_records_nothing_and_names_the_place() {
        // When
        var refused = batch(event("e0", tokens(10)), event("e1", tokens(1).replace("\"1\"", "\"1.5\"")));
        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("pointer")).isEqualTo("/1/data/tokens");
        assertThat(refused.at("expected")).contains("whole number");
        assertThat(shown("u", "used-tokens", "used")).isEqualTo("0");
    }

    @Test
    void large_batch_is_recorded_whole() {
        // Given
        var events = IntStream.range(0, 1_000)
                .mapToObj(i -> event("e" + i, tokens(1)))
                .collect(Collectors.joining(",", "[", "]"));
        // When
        var answer = app.with("Content-Type", "application/json").post(EVENTS, events);
        // Then
        assertThat(answer.status()).isEqualTo(204);
        assertThat(shown("u", "used-tokens", "used")).isEqualTo("1000");
        assertThat(server.differences()).isEmpty();
    }

    @Test
    void empty_batch_does_nothing() {
        // When
        var answer = batch();
        // Then
        assertThat(answer.status()).isEqualTo(204);
    }

    @Test
    void event_that_no_meter_reads_is_kept_and_counts_nothing() {
        // When
        var answer = one(event("e1", "{}").replace("prompt", "other.type"));
        // Then
        assertThat(answer.status()).isEqualTo(204);
        assertThat(new ApiClient.Answer(200, Map.of(), eventOf("writer", "e1")).at("quantities"))
                .isEqualTo("{}");
    }

    @Test
    void same_id_of_another_source_is_another_event() {
        // Given
        one(event("e1", tokens(1)));
        // When
        one(event("e1", tokens(2)).replace("writer", "reader"));
        // Then
        assertThat(shown("u", "used-tokens", "used")).isEqualTo("3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "specversion":"1.0"          | "specversion":"0.3"               | /specversion | specversion 1.0
            "specversion":"1.0",         | ``                                | ``           | 'specversion'
            "id":"e1"                    | "id":""                           | /id          | id of 1..256
            "id":"e1",                   | ``                                | ``           | 'id'
            "id":"e1"                    | "id":5                            | /id          | a text
            "source":"writer"            | "source":"a\\u0000b"              | /source      | printable
            "type":"prompt"              | "type":null                       | ``           | 'type'
            "subject":"u"                | "subject":null                    | ``           | 'subject'
            "time":"2026-11-22T09:00:00Z" | "time":"yesterday"               | /time        | a time such as
            "time":"2026-11-22T09:00:00Z" | "time":"2026-11-22T10:06:00Z"    | /time        | 5 minutes
            "time":"2026-11-22T09:00:00Z" | "datacontenttype":"text/xml"     | /datacontenttype | application/json
            "time":"2026-11-22T09:00:00Z" | "data_base64":"AA=="             | /data_base64 | as JSON
            "time":"2026-11-22T09:00:00Z" | "Other":"x"                      | /Other       | lower-case
            "time":"2026-11-22T09:00:00Z" | "other":{}                       | /other       | a single value
            "time":"2026-11-22T09:00:00Z" | "organization":"globex"          | /organization | X-Quotary-Organization
            "tokens":"5"                 | "tokens":"five"                   | /data/tokens | whole number of 0..
            "tokens":"5"                 | "tokens":-5                       | /data/tokens | whole number of 0..
            "tokens":"5"                 | "tokens":5e20                     | /data/tokens | whole number of 0..
            "tokens":"5"                 | "tokens":true                     | /data/tokens | a decimal number
            "tokens":"5",                | ``                                | /data        | meter 'tokens_used' reads
            "person":"p1"                | "person":[]                       | /data/person | a single value
            "person":"p1"                | "person":""                       | /data/person | 1..256
            "model":"small"              | "model":{}                        | /data/model  | a single value
            """)
    void mistake_is_told_with_its_place(String what, String instead, String pointer, String expected) {
        // When
        var refused = one(event("e1", tokens(5)).replace(what, instead));
        // Then
        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.at("pointer")).isEqualTo(pointer);
        assertThat(refused.at("expected")).contains(expected);
        assertThat(shown("u", "used-tokens", "used")).isEqualTo("0");
    }

    @Test
    void other_content_type_is_415() {
        // When
        var refused = app.with("Content-Type", "text/plain").post(EVENTS, event("e1", tokens(5)));
        // Then
        assertThat(refused.status()).isEqualTo(415);
        assertThat(refused.at("code")).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
    }

    @Test
    void binary_mode_needs_its_headers() {
        // When
        var refused = app.with("ce-specversion", "1.0").with("ce-id", "e1").post(EVENTS, "{}");
        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("expected")).isEqualTo("expected a header ce-source");
    }

    @Test
    void data_that_is_too_long_is_refused() {
        // When
        var refused = one(event("e1", "{\"tokens\":5,\"person\":\"p\",\"note\":\"" + "x".repeat(9_000) + "\"}"));
        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("pointer")).isEqualTo("/data");
    }

    @Test
    void end_users_own_key_reports_for_itself_and_shares_no_ids() {
        // Given
        one(event("e1", tokens(1)));
        var own = server.as(server.key(Role.SUBJECT, "acme", "u"));
        // When
        var answer = own.with("Content-Type", ONE).post(EVENTS, event("e1", tokens(2)));
        // Then
        assertThat(answer.status()).isEqualTo(204);
        assertThat(shown("u", "used-tokens", "used")).isEqualTo("3");
        var refused = own.with("Content-Type", ONE)
                .post(EVENTS, event("e2", tokens(2)).replace("\"u\"", "\"v\""));
        assertThat(refused.status()).isEqualTo(403);
    }

    @Test
    void meter_that_changes_reads_the_next_event_by_its_new_path() {
        // Given
        one(event("e1", tokens(1)));
        admin.post(
                APPLY, "meters: [ { key: prompts, aggregation: sum, event_type: prompt, value_property: \"$.n\" } ]");
        // When
        one(event("e2", tokens(1).replace("{\"tokens\"", "{\"n\":4,\"tokens\"")));
        // Then
        assertThat(shown("u", "prompts", "used")).isEqualTo("5");
    }
}
