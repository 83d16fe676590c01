package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.client.Attempt;
import dev.quotary.client.Call;
import dev.quotary.client.LimitExceededException;
import dev.quotary.client.QuotaryClient;
import dev.quotary.client.Settled;
import dev.quotary.client.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The team of {@code examples/g-four-providers}: the number in a test's name is the row of the scenario. */
@Timeout(60)
class ScenarioGIT {
    private static final String TEAM = "studio";
    private static final String SMALL = "studio-small";
    private static final String ANSWER = """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"message":
            {"role":"assistant","content":"Hello."},"finish_reason":"stop"}],
            "usage":{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150}}""";

    @TempDir
    private static Path folder;

    private static CannedProvider provider;
    private static Example app;

    @BeforeAll
    static void start() {
        provider = CannedProvider.start(CannedProvider.json(ANSWER));
        app = Example.start(folder, "g-four-providers", TestServer.NOW);
    }

    @AfterAll
    static void stop() {
        app.close();
        provider.close();
    }

    /** So that every test has the whole budget of a day. */
    @BeforeEach
    void begin_a_new_day() {
        app.after(Duration.ofDays(1));
    }

    private static QuotaryClient client(String organization) {
        return QuotaryClient.builder(
                        URI.create(app.url()), app.backend(organization).key())
                .clock(app::now)
                .timeout(Duration.ofSeconds(5))
                .build();
    }

    @Test
    void g1_execute_checks_calls_the_provider_and_tracks_tokens_and_cost() {
        // Given
        try (var client = client(TEAM)) {
            var call = Call.of("openai", "gpt-4o-mini")
                    .subject("gina")
                    .session("s-1")
                    .workflow("w-1")
                    .tokens(900, 1000);
            // When
            var attempt = client.wrap(call, ScenarioGIT::ask, Usage::response);
            // Then
            var done = (Attempt.Done<String>) attempt;
            assertThat(done.value()).isEqualTo(ANSWER);
            assertThat(done.decision().estimatedCost()).contains(new BigDecimal("0.000735"));
            var settled = (Settled.Recorded) done.settled();
            assertThat(settled.cost()).isEqualTo("0.000045");
            assertThat(settled.quantities())
                    .isEqualTo(Map.of("requests", 1L, "tokens", 150L, "tokens.input", 100L, "tokens.output", 50L));
            var event = event(TEAM, settled.eventId());
            assertThat(event.get("organization").asText()).isEqualTo(TEAM);
            assertThat(event.get("subject").asText()).isEqualTo("gina");
            assertThat(event.get("session").asText()).isEqualTo("s-1");
            assertThat(event.get("workflow").asText()).isEqualTo("w-1");
            assertThat(event.get("model").asText()).isEqualTo("gpt-4o-mini");
            assertThat(event.get("provider").asText()).isEqualTo("openai");
            assertThat(used(TEAM)).isEqualTo("0.000045");
        }
    }

    @Test
    void g1_quota_exceeded_is_thrown_before_any_call_is_made() {
        // Given
        try (var client = client(TEAM)) {
            client.record(Call.of().subject("gina"), Usage.asHeld().cost(new BigDecimal("10.00")));
            int before = provider.calls();
            // When
            assertThatExceptionOfType(LimitExceededException.class)
                    .isThrownBy(() -> client.execute(
                            Call.of("openai", "gpt-4o-mini").subject("gina").tokens(900, 1000),
                            ScenarioGIT::ask,
                            Usage::response))
                    .withMessageContaining("$10.00 per day for the whole organization");
            // Then
            assertThat(provider.calls()).isEqualTo(before);
        }
    }

    @Test
    void g2_refusal_is_a_value_and_any_call_can_be_wrapped() {
        // Given
        try (var client = client(SMALL)) {
            var export = Call.of().subject("gina").feature("export").cost(new BigDecimal("0.60"));
            // When
            var first = client.wrap(export, () -> "exported", _ -> Usage.asHeld());
            var second = client.wrap(export, () -> "exported", _ -> Usage.asHeld());
            // Then
            assertThat(((Attempt.Done<String>) first).value()).isEqualTo("exported");
            var refused = (Attempt.Refused<String>) second;
            assertThat(refused.decision().allowed()).isFalse();
            var limit = refused.decision().violations().getFirst();
            assertThat(limit.limit()).isEqualTo("daily-budget");
            assertThat(limit.used()).isEqualTo("0.6");
        }
    }

    @Test
    void g3_check_tells_limit_current_remaining_and_which_quota() {
        // Given
        try (var client = client(TEAM)) {
            client.record(Call.of().subject("gina"), Usage.asHeld().cost(new BigDecimal("4.20")));
            // When
            var decision =
                    client.check(Call.of("openai", "gpt-4o").subject("gina").cost(new BigDecimal("0.05")));
            // Then
            assertThat(decision.allowed()).isTrue();
            var limit = decision.limits().getFirst();
            assertThat(limit.limit()).isEqualTo("daily-budget");
            assertThat(limit.meter()).isEqualTo("cost");
            assertThat(limit.window()).isEqualTo("day");
            assertThat(limit.max()).contains(new BigDecimal("10"));
            assertThat(limit.used()).isEqualTo("4.2");
            assertThat(limit.remaining()).contains(new BigDecimal("5.8"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "01-openai-chat-plain,          openai,    22,    0.00075",
        "19-anthropic-cache-write-read, anthropic, 21771, 0.015987",
        "27-gemini-thoughts-cache-tools, gemini,   4420,  0.0357652",
        "33-xai-reasoning-additive,     xai,       2050,  0.002575",
    })
    void g3_raw_response_of_each_provider_is_understood_as_it_is(
            String sample, String provider, long tokens, String cost) {
        // Given
        var answer = Sample.load(sample).answerJson();
        // When
        var tracked = app.backend(TEAM)
                .post("/api/v1/usage/records", "{\"subject\":\"gina\",\"provider_response\":" + answer + "}")
                .expect(200);
        // Then
        var event = event(TEAM, tracked.at("/events/0/id").asText());
        assertThat(event.get("provider").asText()).isEqualTo(provider);
        assertThat(event.at("/quantities/tokens").asLong()).isEqualTo(tokens);
        assertThat(event.get("cost").asText()).isEqualTo(cost);
        assertThat(event.get("source").asText()).isEqualTo("provider");
        assertThat(tracked.at("/events/0/cost").asText()).isEqualTo(cost);
    }

    @Test
    void g4_cost_is_estimated_before_the_call() {
        // Given
        try (var client = client(TEAM)) {
            // When
            var estimate = client.estimate("openai", "gpt-4o-mini", "Say hello.", 1000);
            var byDefault = app.backend(TEAM)
                    .post(
                            "/api/v1/usage/estimate",
                            "{\"provider\":\"openai\",\"model\":\"gpt-4o-mini\","
                                    + "\"messages\":[{\"role\":\"user\",\"content\":\"Say hello.\"}]}")
                    .expect(200);
            // Then
            assertThat(estimate.outputTokens()).isEqualTo(1000);
            assertThat(byDefault.at("/tokens/output").asLong()).isEqualTo(1000);
            long input = byDefault.at("/tokens/input").asLong();
            assertThat(input).isBetween(4L, 40L);
            // $0.15 and $0.60 per million.
            assertThat(new BigDecimal(byDefault.get("cost").asText()))
                    .isEqualByComparingTo(new BigDecimal("0.00000015")
                            .multiply(BigDecimal.valueOf(input))
                            .add(new BigDecimal("0.0006")));
        }
    }

    @Test
    void g5_budget_with_a_cent_left_refuses_five_and_lets_one_pass() {
        // Given
        try (var client = client(SMALL)) {
            client.record(Call.of().subject("gina"), Usage.asHeld().cost(new BigDecimal("0.99")));
            // When
            assertThatExceptionOfType(LimitExceededException.class)
                    .isThrownBy(() -> client.reserve(Call.of().subject("gina").cost(new BigDecimal("0.05"))));
            var passed = client.reserve(Call.of().subject("gina").cost(new BigDecimal("0.01")));
            // Then
            assertThat(passed.decision().allowed()).isTrue();
            passed.commit(Usage.asHeld());
            assertThat(used(SMALL)).isEqualTo("1");
        }
    }

    @Test
    void g6_hundred_tokens_in_and_fifty_out_give_the_exact_cost_and_a_log_id() {
        // Given
        try (var client = client(TEAM)) {
            // When
            var settled = (Settled.Recorded)
                    client.record(Call.of("openai", "gpt-4o-mini").subject("gina"), Usage.tokens(100, 50));
            // Then
            assertThat(settled.cost()).isEqualTo("0.000045");
            var event = event(TEAM, settled.eventId());
            assertThat(event.at("/quantities/tokens.input").asLong()).isEqualTo(100);
            assertThat(event.at("/quantities/tokens.output").asLong()).isEqualTo(50);
            assertThat(event.at("/quantities/tokens").asLong()).isEqualTo(150);
        }
    }

    @Test
    void g7_status_has_what_a_bar_shows() {
        // Given
        try (var client = client(TEAM)) {
            client.record(Call.of().subject("gina"), Usage.asHeld().cost(new BigDecimal("4.20")));
            var green = client.status("gina").limit("daily-budget").orElseThrow();
            client.record(Call.of().subject("gina"), Usage.asHeld().cost(new BigDecimal("3.40")));
            // When
            var yellow = client.status("gina");
            client.record(Call.of().subject("gina"), Usage.asHeld().cost(new BigDecimal("1.50")));
            var red = client.status("gina");
            // Then
            assertThat(green.used() + " / " + green.max().orElseThrow() + " " + green.percent() + " " + green.state())
                    .isEqualTo("4.2 / 10 42.0 ok");
            assertThat(yellow.warnings().getFirst().threshold()).isEqualTo(75);
            assertThat(red.warnings().getFirst().threshold()).isEqualTo(90);
            assertThat(red.limit("daily-budget").orElseThrow().percent()).isEqualTo("91.0");
        }
    }

    @Test
    void g8_tracking_that_nobody_waits_for_is_sent_again_until_it_arrives() throws InterruptedException {
        // Given
        try (var client = client(TEAM)) {
            app.crash();
            // When
            for (int i = 0; i < 5; i++) {
                client.recordLater(Call.of("openai", "gpt-4o-mini").subject("gina"), Usage.tokens(100, 50));
            }
            app.restart();
            // Then
            assertThat(client.flush(Duration.ofSeconds(30))).isTrue();
            assertThat(used(TEAM)).isEqualTo("0.000225");
            assertThat(client.unsent()).isZero();
        }
    }

    @Test
    void g9_free_and_internal_calls_are_tracked_and_each_cost_can_be_shown() {
        // Given
        var api = app.backend(TEAM);
        // When
        var free = api.post(
                        "/api/v1/usage/records",
                        "{\"subject\":\"gina\",\"provider\":\"local\",\"model\":\"llama\",\"cost\":\"0\","
                                + "\"feature\":\"internal\",\"quantities\":{\"tokens.input\":10,\"tokens.output\":5}}")
                .expect(200);
        var paid = api.post(
                "/api/v1/usage/records",
                "{\"subject\":\"gina\",\"provider\":\"openai\",\"model\":\"gpt-4o-mini\","
                        + "\"quantities\":{\"tokens.input\":10000,\"tokens.output\":4525}}");
        // Then
        var event = event(TEAM, free.at("/events/0/id").asText());
        assertThat(event.get("cost").asText()).isEqualTo("0");
        assertThat(event.get("feature").asText()).isEqualTo("internal");
        assertThat(event.at("/quantities/tokens").asLong()).isEqualTo(15);
        assertThat(paid.header("X-Quotary-Cost")).hasValue("0.004215");
        assertThat(paid.expect(200).at("/events/0/cost").asText()).isEqualTo("0.004215");
    }

    @Test
    void g10_cost_can_be_worked_out_by_hand_from_the_receipt() {
        // Given
        var api = app.backend(TEAM);
        var made = api.post(
                        "/api/v1/usage/records",
                        "{\"subject\":\"gina\",\"provider_response\":"
                                + Sample.load("19-anthropic-cache-write-read").answerJson() + "}")
                .expect(200);
        // When
        var receipt = event(TEAM, made.at("/events/0/id").asText()).get("receipt");
        // Then
        var sum = BigDecimal.ZERO;
        for (var line : receipt.get("lines")) {
            var amount = number(line, "quantity").multiply(number(line, "unit_price"));
            assertThat(number(line, "amount")).isEqualByComparingTo(amount);
            sum = sum.add(amount);
        }
        assertThat(sum).isEqualByComparingTo("0.015987");
        assertThat(receipt.get("total").asText()).isEqualTo("0.015987");
    }

    @Test
    void g10_help_with_trouble_is_written_down() throws IOException {
        // When
        var help = Files.readString(Quotary.root().resolve("docs/troubleshooting.md"));
        // Then
        assertThat(help.lines().filter(line -> line.startsWith("## ")))
                .containsAll(List.of(
                        "## A use is not there",
                        "## A limit says no all the time",
                        "## A cost looks wrong",
                        "## It slows calls down"));
    }

    /** The team's own call of its provider. */
    private static String ask() {
        return Api.send(HttpRequest.newBuilder(provider.baseUrl().resolve("/v1/chat/completions"))
                        .POST(BodyPublishers.ofString(Chat.CAPPED)))
                .response()
                .body();
    }

    private static BigDecimal number(JsonNode line, String member) {
        return new BigDecimal(line.get(member).asText());
    }

    private static JsonNode event(String organization, String id) {
        return app.backend(organization).get("/api/v1/usage/events/" + id).expect(200);
    }

    private static String used(String organization) {
        return app.limit(organization, "gina", "daily-budget").get("used").asText();
    }
}
