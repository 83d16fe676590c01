package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenario W, the writing app: the rows that concern the usage API, as they are written. */
class WritingAppTest {
    private static final String PLANS = """
            meters:
              - { key: ai_generation, aggregation: count }
              - { key: export, aggregation: count }
              - { key: kb_file, aggregation: latest }
            plans:
              - key: free
                upgrade_url: /settings/billing
                limits:
                  - { key: generations, meter: ai_generation, per: subject, window: month, max: 50 }
                  - { key: exports, meter: export, per: subject, window: month, max: 3 }
                  - { key: kb-files, meter: kb_file, per: subject, window: lifetime, max: 10 }
              - key: pro
                limits:
                  - { key: generations, meter: ai_generation, per: subject, window: month, max: unlimited }
              - key: enterprise
                limits:
                  - { key: generations, meter: ai_generation, per: subject, window: month, max: unlimited }
            organizations:
              - key: acme
                plan: free
                subjects:
                  - { key: ada, plan: pro }
            """;

    private static final String RESERVATIONS = "/api/v1/usage/reservations";

    @TempDir
    Path directory;

    private ApiServer server;
    private ApiClient app;

    @BeforeEach
    void start() {
        server = ApiServer.in(directory);
        assertThat(server.admin().post("/api/v1/apply", PLANS).status()).isEqualTo(200);
        app = server.service();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ApiClient.Answer reserve(String subject, String meter) {
        return app.post(RESERVATIONS, "{\"subject\":\"" + subject + "\",\"quantities\":{\"" + meter + "\":1}}");
    }

    private ApiClient.Answer commit(ApiClient.Answer reserved, String body) {
        return app.post(RESERVATIONS + "/" + reserved.at("reservation/id") + "/commit", body);
    }

    private void generate(String subject, int times) {
        for (int i = 0; i < times; i++) {
            var reserved = reserve(subject, "ai_generation");
            assertThat(reserved.status()).isEqualTo(201);
            assertThat(commit(reserved, "").status()).isEqualTo(200);
        }
    }

    private String used(String subject) {
        return app.get("/api/v1/usage/status?subject=" + subject).at("limits/0/used");
    }

    @Test
    void fifty_generations_pass_and_the_next_is_refused_with_the_words_that_the_page_shows() {
        // Given
        generate("bob", 50);

        // When
        var refused = reserve("bob", "ai_generation");

        // Then
        assertThat(refused.status()).isEqualTo(402);
        assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
        assertThat(refused.at("error"))
                .isEqualTo(
                        "Usage limit exceeded for ai_generation. Your free plan allows 50 per month. You've used 50.");
        assertThat(refused.at("code")).isEqualTo("USAGE_LIMIT_EXCEEDED");
        assertThat(refused.at("upgrade_url")).isEqualTo("/settings/billing");
        assertThat(refused.at("violations/0/limit")).isEqualTo("generations");
        assertThat(refused.header("retry-after")).isEmpty();
        assertThat(refused.header("x-usage-current")).isEqualTo("50");
        assertThat(refused.header("x-usage-limit")).isEqualTo("50");
        assertThat(refused.header("x-usage-remaining")).isEqualTo("0");
    }

    @Test
    void a_pro_user_passes_beyond_and_is_told_unlimited() {
        // Given
        generate("ada", 101);

        // When
        var status = app.get("/api/v1/usage/status?subject=ada&view=compat");

        // Then
        assertThat(status.at("limits/0/unlimited")).isEqualTo("true");
        assertThat(status.at("limits/0/max")).isEqualTo("null");
        assertThat(status.at("limits/0/used")).isEqualTo("101");
        assertThat(status.at("compat/0/limit")).isEqualTo("-1");
        assertThat(status.at("compat/0/used")).isEqualTo("101");
        assertThat(status.header("x-usage-limit")).isEqualTo("-1");
    }

    @Test
    void a_generation_that_fails_does_not_count_and_is_kept_with_its_tokens_and_model() {
        // Given
        var reserved = app.post(RESERVATIONS, """
                {"subject":"bob","provider":"openai","model":"gpt-4o-mini",
                 "quantities":{"ai_generation":1,"tokens.input":900,"tokens.output":1000}}""");

        // When
        var committed = commit(reserved, """
                {"outcome":"error","error_type":"server_error","latency_ms":812,
                 "quantities":{"tokens.input":900,"tokens.output":0}}""");

        // Then
        assertThat(used("bob")).isEqualTo("0");
        var event = app.get("/api/v1/usage/events/" + committed.at("event_id"));
        assertThat(event.at("outcome")).isEqualTo("error");
        assertThat(event.at("error_type")).isEqualTo("server_error");
        assertThat(event.at("model")).isEqualTo("gpt-4o-mini");
        assertThat(event.at("quantities")).isEqualTo("{\"requests\":1,\"tokens\":900,\"tokens.input\":900}");
        assertThat(event.at("cost")).isEqualTo("0.000135");
    }

    @Test
    void of_two_hundred_at_once_with_ten_left_exactly_ten_pass() throws Exception {
        // Given
        generate("bob", 40);
        Callable<Integer> attempt = () -> {
            var reserved = reserve("bob", "ai_generation");
            if (reserved.status() == 201) {
                assertThat(commit(reserved, "").status()).isEqualTo(200);
            }
            return reserved.status();
        };

        // When
        List<Integer> statuses;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            statuses = threads.invokeAll(java.util.Collections.nCopies(200, attempt)).stream()
                    .map(java.util.concurrent.Future::resultNow)
                    .toList();
        }

        // Then
        assertThat(statuses).containsOnly(201, 402);
        assertThat(statuses.stream().filter(status -> status == 201)).hasSize(10);
        assertThat(used("bob")).isEqualTo("50");
    }

    @Test
    void on_the_first_of_the_next_month_there_are_fifty_again_and_last_month_still_reads_fifty() {
        // Given
        generate("bob", 50);
        var late = app.post("/api/v1/usage/check", "{\"subject\":\"bob\",\"quantities\":{\"ai_generation\":1}}");
        assertThat(late.at("allowed")).isEqualTo("false");

        // When
        server.clock.set(Instant.parse("2026-12-01T00:00:00Z"));

        // Then
        assertThat(used("bob")).isEqualTo("0");
        assertThat(reserve("bob", "ai_generation").status()).isEqualTo(201);
        assertThat(server.sum("acme", "generations", "bob", ApiServer.START)).isEqualTo(50);
    }

    @Test
    void generations_exports_and_files_are_independent() {
        // Given
        generate("bob", 50);

        // When
        var export = reserve("bob", "export");
        var file = app.post("/api/v1/usage/records", "{\"subject\":\"bob\",\"quantities\":{\"kb_file\":4}}");

        // Then
        assertThat(export.status()).isEqualTo(201);
        assertThat(file.status()).isEqualTo(200);
        var status = app.get("/api/v1/usage/status?subject=bob");
        assertThat(status.at("limits/0/used")).isEqualTo("50");
        assertThat(status.at("limits/1/held")).isEqualTo("1");
        assertThat(status.at("limits/2/used")).isEqualTo("4");
        assertThat(status.at("state")).isEqualTo("exceeded");
    }
}
