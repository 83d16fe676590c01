package dev.quotary.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.client.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EntryTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Call CALL = Call.of("openai", "gpt-4o-mini")
            .subject("ada")
            .feature("chat")
            .dimension("team", "blue")
            .tokens(900, 1000)
            .quantity("ai_generation", 1)
            .quantity("requests", 1)
            .ttl(Duration.ofSeconds(90));
    private static final String CONTEXT = "{\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"subject\":\"ada\","
            + "\"feature\":\"chat\",\"dimensions\":{\"team\":\"blue\"},\"id\":\"i\",\"source\":\"quotary-client\","
            + "\"time\":\"2026-11-22T10:00:00Z\"";

    private static String record(Call call, Usage usage) {
        return Entry.record("i", Optional.of(NOW), call, usage).at("record").toString();
    }

    @Test
    void record_of_what_was_held_has_all_of_it() {
        assertThat(record(CALL.cost(new BigDecimal("0.5")), Usage.asHeld()))
                .isEqualTo(CONTEXT + ",\"quantities\":{\"tokens.input\":900,\"tokens.output\":1000,"
                        + "\"ai_generation\":1,\"requests\":1},\"cost\":\"0.5\"}");
    }

    @Test
    void named_tokens_stand_in_the_place_of_all_held_tokens_and_of_the_cost() {
        assertThat(record(CALL.cost(new BigDecimal("0.5")), Usage.tokens(8, 9)))
                .isEqualTo(CONTEXT + ",\"quantities\":{\"ai_generation\":1,\"requests\":1,"
                        + "\"tokens.input\":8,\"tokens.output\":9}}");
    }

    @Test
    void of_a_failure_nothing_stays_but_the_request() {
        assertThat(record(CALL, Usage.failed(new IllegalStateException("x"))))
                .isEqualTo(
                        CONTEXT
                                + ",\"outcome\":\"error\",\"error_type\":\"IllegalStateException\",\"quantities\":{\"requests\":1}}");
    }

    @Test
    void provider_response_stands_in_the_place_of_requests_and_tokens_and_has_an_estimate_behind_it() {
        // When
        var content = Entry.record(
                "i",
                Optional.of(NOW),
                CALL,
                Usage.response("{\"usage\":{\"n\":1},\"text\":\"" + "x".repeat(129) + "\"}"));
        // Then
        assertThat(content.at("record").toString())
                .isEqualTo(
                        CONTEXT
                                + ",\"provider_response\":{\"usage\":{\"n\":1},\"text\":\"\"},\"quantities\":{\"ai_generation\":1}}");
        assertThat(content.at("estimate").toString())
                .isEqualTo(CONTEXT + ",\"quantities\":{\"tokens.input\":900,\"tokens.output\":1000,"
                        + "\"ai_generation\":1,\"requests\":1}}");
    }

    @Test
    void commit_has_the_usage_alone_and_a_record_behind_it() {
        // When
        var content = Entry.commit(
                "rsv_1",
                NOW,
                CALL.organization("acme"),
                Usage.of("ai_generation", 2).dimension("team", "red").metadata(Map.of("k", 1)));
        // Then
        assertThat(content.at("commit").toString())
                .isEqualTo(
                        "{\"quantities\":{\"ai_generation\":2},\"dimensions\":{\"team\":\"red\"},\"metadata\":{\"k\":1},"
                                + "\"organization\":\"acme\"}");
        assertThat(content.at("record").at("quantities").toString())
                .isEqualTo("{\"tokens.input\":900,\"tokens.output\":1000,\"ai_generation\":2,\"requests\":1}");
        assertThat(content.at("record").at("dimensions").toString()).isEqualTo("{\"team\":\"red\"}");
        assertThat(content.at("record").at("id").text()).contains("rsv_1");
    }

    @Test
    void refused_commit_of_an_unknown_reservation_becomes_its_record() {
        // Given
        var entry = new Entry(1, Entry.commit("rsv_1", NOW, CALL, Usage.tokens(1, 2)));
        // When
        var other = entry.otherwise(new Problem(404, "RESERVATION_UNKNOWN", "", Optional.empty()));
        // Then
        assertThat(entry.request().path()).isEqualTo("/reservations/rsv_1/commit");
        assertThat(other.orElseThrow().request().path()).isEqualTo("/records");
        assertThat(other.orElseThrow().body()).isEqualTo(entry.content().at("record"));
        assertThat(other.orElseThrow().number()).isEqualTo(1);
    }

    @Test
    void size_is_that_of_what_is_kept() {
        var content = Json.Obj.EMPTY.with("id", "\u00e4");
        assertThat(new Entry(1, content).bytes()).isEqualTo("{\"id\":\"\u00e4\"}".length() + 1);
    }
}
