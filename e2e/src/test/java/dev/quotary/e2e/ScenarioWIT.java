package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.e2e.TestServer.Setup;
import dev.quotary.testkit.FakeClock;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The writing app: fifty generations a month for free, counted after success, over HTTP with a clock in the test's hand. */
@Timeout(60)
class ScenarioWIT {
    private static final String GENERATION = "{\"subject\":\"fay\",\"quantities\":{\"ai_generation\":1}}";
    private static final String USED_UP =
            "Usage limit exceeded for ai_generation. Your free plan allows 50 per month. You've used 50.";

    @TempDir
    private Path directory;

    private final FakeClock clock = new FakeClock(TestServer.NOW);
    private TestServer server;

    @BeforeEach
    void start() {
        server = server(clock);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void fifty_generations_pass_and_the_next_is_refused_with_the_way_out() {
        // Given
        generate(50);
        // When
        var refused = reserve(GENERATION);
        // Then
        var body = refused.expect(402);
        assertThat(refused.header("content-type")).hasValue("application/problem+json");
        assertThat(body.get("error").asText()).isEqualTo(USED_UP);
        assertThat(body.get("detail").asText()).isEqualTo(USED_UP);
        assertThat(body.get("code").asText()).isEqualTo("USAGE_LIMIT_EXCEEDED");
        assertThat(body.get("status").asInt()).isEqualTo(402);
        assertThat(body.get("upgrade_url").asText()).isEqualTo("/settings/billing");
        assertThat(body.get("allowed").asBoolean()).isFalse();
        assertThat(body.get("decision").asText()).isEqualTo("denied");
        assertThat(body.get("violations")).hasSize(1);
        var violation = body.get("violations").get(0);
        assertThat(violation.get("limit").asText()).isEqualTo("generations");
        assertThat(violation.get("meter").asText()).isEqualTo("ai_generation");
        assertThat(violation.get("scope").asText()).isEqualTo("subject:fay");
        assertThat(violation.get("window").asText()).isEqualTo("month");
        assertThat(violation.get("max").asLong()).isEqualTo(50);
        assertThat(violation.get("used").asLong()).isEqualTo(50);
        assertThat(violation.get("held").asLong()).isZero();
        assertThat(violation.get("remaining").asLong()).isZero();
        assertThat(violation.get("resets_at").asText()).isEqualTo("2026-12-01T00:00:00Z");
        assertThat(violation.get("state").asText()).isEqualTo("exceeded");
    }

    @Test
    void check_tells_the_same_without_refusing_the_request() {
        // Given
        generate(50);
        // When
        var checked = server.api().post("/api/v1/usage/check", GENERATION).expect(200);
        // Then
        assertThat(checked.get("allowed").asBoolean()).isFalse();
        assertThat(checked.get("error").asText()).isEqualTo(USED_UP);
        assertThat(checked.get("code").asText()).isEqualTo("USAGE_LIMIT_EXCEEDED");
        assertThat(checked.get("upgrade_url").asText()).isEqualTo("/settings/billing");
    }

    @Test
    void check_holds_nothing() {
        // Given
        generate(49);
        // When
        for (int i = 0; i < 10; i++) {
            server.api().post("/api/v1/usage/check", GENERATION).expect(200);
        }
        // Then
        reserve(GENERATION).expect(201);
    }

    @Test
    void pro_user_is_told_that_there_is_no_limit() {
        // Given
        var generation = GENERATION.replace("fay", "pat");
        for (int i = 0; i < 120; i++) {
            commit(reserve(generation).expect(201), "{}");
        }
        // When
        var own = server.limit("pat", "generations");
        var compatible = server.api()
                .get("/api/v1/usage/status?subject=pat&view=compat")
                .expect(200)
                .get("compat");
        // Then
        assertThat(own.get("unlimited").asBoolean()).isTrue();
        assertThat(own.get("max").isNull()).isTrue();
        assertThat(own.get("remaining").isNull()).isTrue();
        assertThat(own.get("used").asLong()).isEqualTo(120);
        assertThat(compatible.get(0).get("limit").asLong()).isEqualTo(-1);
        assertThat(compatible.get(0).get("used").asLong()).isEqualTo(120);
    }

    @Test
    void generation_that_failed_does_not_count_but_is_kept_with_its_tokens() {
        // Given
        var asked = "{\"subject\":\"fay\",\"provider\":\"openai\",\"model\":\"gpt-4o-mini\","
                + "\"quantities\":{\"ai_generation\":1,\"tokens.input\":900,\"tokens.output\":1000}}";
        var reserved = reserve(asked).expect(201);
        var failed = "{\"outcome\":\"error\",\"error_type\":\"provider_error\",\"latency_ms\":812,"
                + "\"quantities\":{\"tokens.input\":812,\"tokens.output\":3}}";
        // When
        var committed = commit(reserved, failed);
        // Then
        var limit = server.limit("fay", "generations");
        assertThat(limit.get("used").asLong()).isZero();
        assertThat(limit.get("held").asLong()).isZero();
        var event = server.event(committed.get("event_id").asText());
        assertThat(event.get("outcome").asText()).isEqualTo("error");
        assertThat(event.get("error_type").asText()).isEqualTo("provider_error");
        assertThat(event.get("model").asText()).isEqualTo("gpt-4o-mini");
        assertThat(event.at("/quantities/tokens.input").asLong()).isEqualTo(812);
        assertThat(event.at("/quantities/tokens.output").asLong()).isEqualTo(3);
        assertThat(event.get("quantities").has("ai_generation")).isFalse();
        assertThat(event.get("latency_ms").asLong()).isEqualTo(812);
    }

    @Test
    void released_generation_does_not_count() {
        // Given
        var id = reserve(GENERATION).expect(201).at("/reservation/id").asText();
        // When
        server.api().post("/api/v1/usage/reservations/" + id + "/release", "{}").expect(200);
        // Then
        var limit = server.limit("fay", "generations");
        assertThat(limit.get("used").asLong()).isZero();
        assertThat(limit.get("held").asLong()).isZero();
    }

    @Test
    void two_hundred_at_once_with_ten_left_are_exactly_ten() {
        // Given
        generate(40);
        // When
        var statuses = Together.call(200, _ -> {
            var answer = reserve(GENERATION);
            if (answer.status() == 201) {
                commit(answer.json(), "{}");
            }
            return answer.status();
        });
        // Then
        assertThat(statuses).filteredOn(status -> status == 201).hasSize(10);
        assertThat(statuses).filteredOn(status -> status == 402).hasSize(190);
        var limit = server.limit("fay", "generations");
        assertThat(limit.get("used").asLong()).isEqualTo(50);
        assertThat(limit.get("held").asLong()).isZero();
    }

    @Test
    void new_month_has_fifty_again_and_the_last_one_keeps_its_fifty() {
        // Given
        generate(49);
        clock.set(Instant.parse("2026-11-30T23:59:30Z"));
        var lastOfNovember = reserve(GENERATION).expect(201);
        clock.set(Instant.parse("2026-11-30T23:59:59.999Z"));
        reserve(GENERATION).expect(402);
        // When
        clock.set(Instant.parse("2026-12-01T00:00:00Z"));
        commit(lastOfNovember, "{}");
        // Then
        var december = server.limit("fay", "generations");
        assertThat(december.get("used").asLong()).isZero();
        assertThat(december.get("remaining").asLong()).isEqualTo(50);
        generate(50);
        reserve(GENERATION).expect(402);
        server.close();
        // The ledger is the truth: a server that starts in November counts what November had.
        server = server(new FakeClock(Instant.parse("2026-11-30T23:59:59Z")));
        assertThat(server.limit("fay", "generations").get("used").asLong()).isEqualTo(50);
    }

    @Test
    void month_begins_where_the_organization_is() {
        // Given
        var api = server.api(server.otherKey());
        clock.set(Instant.parse("2026-11-30T22:59:59Z"));
        api.post("/api/v1/usage/records", GENERATION).expect(200);
        // When
        clock.set(Instant.parse("2026-11-30T23:00:00Z"));
        // Then
        var limit = api.get("/api/v1/usage/status?subject=fay").expect(200).at("/limits/0");
        assertThat(limit.get("limit").asText()).isEqualTo("generations");
        assertThat(limit.get("window_start").asText()).isEqualTo("2026-11-30T23:00:00Z");
        assertThat(limit.get("resets_at").asText()).isEqualTo("2026-12-31T23:00:00Z");
        assertThat(limit.get("used").asLong()).isZero();
    }

    @Test
    void kinds_of_use_do_not_touch_each_other() {
        // Given
        for (int i = 0; i < 5; i++) {
            commit(
                    reserve("{\"subject\":\"fay\",\"quantities\":{\"export\":1}}")
                            .expect(201),
                    "{}");
        }
        server.api()
                .post("/api/v1/usage/records", "{\"subject\":\"fay\",\"quantities\":{\"kb_file\":3}}")
                .expect(200);
        // When
        var export = reserve("{\"subject\":\"fay\",\"quantities\":{\"export\":1}}");
        var file = reserve("{\"subject\":\"fay\",\"quantities\":{\"kb_file\":1}}");
        var generation = reserve(GENERATION);
        // Then
        assertThat(List.of(export.status(), file.status(), generation.status())).containsExactly(402, 402, 201);
        assertThat(violated(export.json())).containsExactly("exports");
        assertThat(violated(file.json())).containsExactly("kb-files");
        assertThat(server.limit("fay", "exports").get("used").asLong()).isEqualTo(5);
        assertThat(server.limit("fay", "kb-files").get("used").asLong()).isEqualTo(3);
        assertThat(server.limit("fay", "generations").get("used").asLong()).isZero();
    }

    @Test
    void level_goes_down_again() {
        // Given
        server.api()
                .post("/api/v1/usage/records", "{\"subject\":\"fay\",\"quantities\":{\"kb_file\":3}}")
                .expect(200);
        // When
        server.api()
                .post("/api/v1/usage/records", "{\"subject\":\"fay\",\"quantities\":{\"kb_file\":2}}")
                .expect(200);
        // Then
        commit(reserve("{\"subject\":\"fay\",\"quantities\":{\"kb_file\":1}}").expect(201), "{}");
        assertThat(server.limit("fay", "kb-files").get("used").asLong()).isEqualTo(3);
    }

    private TestServer server(FakeClock at) {
        var provider = Setup.of(URI.create("http://127.0.0.1:9"));
        return TestServer.start(directory, at, provider, plans());
    }

    private static Path plans() {
        try {
            return Path.of(Objects.requireNonNull(ScenarioWIT.class.getResource("/plans/writing-app.yaml"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Api.Answer reserve(String body) {
        return server.api().post("/api/v1/usage/reservations", body);
    }

    private JsonNode commit(JsonNode reserved, String body) {
        var id = reserved.at("/reservation/id").asText();
        return server.api()
                .post("/api/v1/usage/reservations/" + id + "/commit", body)
                .expect(200);
    }

    private void generate(int times) {
        for (int i = 0; i < times; i++) {
            commit(reserve(GENERATION).expect(201), "{}");
        }
    }

    private static List<String> violated(JsonNode refusal) {
        var keys = new ArrayList<String>();
        refusal.get("violations")
                .forEach(violation -> keys.add(violation.get("limit").asText()));
        return keys;
    }
}
