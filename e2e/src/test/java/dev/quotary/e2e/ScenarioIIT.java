package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.client.Call;
import dev.quotary.client.QuotaryClient;
import dev.quotary.client.Settled;
import dev.quotary.client.Usage;
import dev.quotary.e2e.RawClient.Ask;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The companion app of {@code examples/i-companion-app}: the number in a test's name is the row of the scenario. */
@Timeout(60)
class ScenarioIIT {
    private static final String APP = "companion";
    private static final String SONNET = "\"provider\":\"anthropic\",\"model\":\"claude-sonnet-4-6\"";

    @TempDir
    private static Path folder;

    private static CannedProvider provider;
    private static Example app;

    @BeforeAll
    static void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(6, 1)));
        app = Example.start(
                folder,
                "i-companion-app",
                TestServer.NOW,
                "providers: { openai: { base_url: \"" + provider.baseUrl()
                        + "\", api_key: none, concurrency: 1, queue: { wait: 30s } } }");
    }

    @AfterAll
    static void stop() {
        app.close();
        provider.close();
    }

    @BeforeEach
    void begin_a_new_day() {
        app.at(today().plusDays(1).atTime(10, 0).toInstant(ZoneOffset.UTC));
    }

    @Test
    void i1_request_is_logged_with_everything_and_costs_what_it_costs_exactly() {
        // When
        var made = api().post(
                        "/api/v1/usage/records",
                        "{\"subject\":\"i1\"," + SONNET + ",\"feature\":\"message\",\"outcome\":\"success\","
                                + "\"latency_ms\":1840,\"queue_wait_ms\":230,"
                                + "\"quantities\":{\"tokens.input\":1000,\"tokens.output\":500}}")
                .expect(200);
        // Then
        var event = event(made);
        assertThat(event.get("cost").asText()).isEqualTo("0.0105");
        assertThat(event.get("subject").asText()).isEqualTo("i1");
        assertThat(event.get("feature").asText()).isEqualTo("message");
        assertThat(event.at("/quantities/tokens.input").asLong()).isEqualTo(1_000);
        assertThat(event.at("/quantities/tokens.output").asLong()).isEqualTo(500);
        assertThat(event.at("/quantities/tokens").asLong()).isEqualTo(1_500);
        assertThat(event.get("latency_ms").asLong()).isEqualTo(1_840);
        assertThat(event.get("queue_wait_ms").asLong()).isEqualTo(230);
        assertThat(event.get("outcome").asText()).isEqualTo("success");
        assertThat(event.get("error_type").isNull()).isTrue();
        assertThat(event.get("time").asText()).isEqualTo(app.now().toString());
    }

    @Test
    void i1_request_that_failed_is_logged_with_its_kind_of_error() {
        // When
        var made = api().post(
                        "/api/v1/usage/records",
                        "{\"subject\":\"i1e\"," + SONNET
                                + ",\"outcome\":\"error\",\"error_type\":\"overloaded\",\"quantities\":{\"requests\":1}}")
                .expect(200);
        // Then
        var event = event(made);
        assertThat(event.get("outcome").asText()).isEqualTo("error");
        assertThat(event.get("error_type").asText()).isEqualTo("overloaded");
        assertThat(event.get("cost").asText()).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({
        "daily-messages, '{\"requests\":100}', '0',    PT3H, 100",
        "daily-tokens,   '{\"requests\":1,\"tokens.input\":50000}', '0', PT3H, 50000",
        "daily-cost,     '{\"requests\":1}',   '0.50', PT3H, 0.5",
        "per-minute,     '{\"requests\":10}',  '0',    PT0S, 10",
        "per-hour,       '{\"requests\":100}', '0',    PT5M, 100",
    })
    void i2_over_any_of_the_five_limits_is_429_with_the_details(
            String limit, String quantities, String cost, Duration later, String maximum) {
        // Given
        var subject = "i2-" + limit;
        var feature = limit.equals("daily-messages") ? "message" : "picture";
        api().post(
                        "/api/v1/usage/records",
                        "{\"subject\":\"" + subject + "\",\"feature\":\"" + feature + "\",\"quantities\":" + quantities
                                + ",\"cost\":\"" + cost + "\"}")
                .expect(200);
        app.after(later);
        // When
        var refused = reserve(subject);
        // Then
        var body = refused.expect(429);
        assertThat(Example.violated(body)).containsExactly(limit);
        var violation = body.at("/violations/0");
        assertThat(violation.get("max").asText()).isEqualTo(maximum);
        assertThat(violation.get("used").asText()).isEqualTo(maximum);
        assertThat(violation.get("remaining").asText()).isEqualTo("0");
        assertThat(violation.get("resets_at").asText()).isGreaterThan(app.now().toString());
        // Of a day it is no use to wait for it.
        assertThat(refused.header("Retry-After").isPresent()).isEqualTo(limit.startsWith("per-"));
    }

    @Test
    void i2_unknown_user_gets_the_quotas_of_the_default_tier_at_first_use() {
        // When
        var first = reserve("i2-new").expect(201);
        // Then
        assertThat(first.get("limits")).hasSize(5);
        assertThat(Example.limit(first, "daily-messages").get("max").asLong()).isEqualTo(100);
        assertThat(api().get("/api/v1/usage/status?subject=i2-new")
                        .expect(200)
                        .get("plan")
                        .asText())
                .isEqualTo("beta");
    }

    @Test
    void i2_daily_counters_begin_anew_by_themselves() {
        // Given
        api().post(
                        "/api/v1/usage/records",
                        "{\"subject\":\"i2-day\",\"feature\":\"message\",\"quantities\":{\"requests\":100},\"cost\":\"0.50\"}")
                .expect(200);
        var midnight = today().plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        app.at(midnight.minusMillis(1));
        reserve("i2-day").expect(429);
        // When
        app.at(midnight);
        // Then
        var passed = reserve("i2-day").expect(201);
        assertThat(Example.limit(passed, "daily-messages").get("used").asLong()).isZero();
        assertThat(Example.limit(passed, "daily-cost").get("used").asText()).isEqualTo("0");
    }

    @Test
    void i3_blocked_user_is_refused_at_once_whatever_is_left() {
        // Given
        reserve("i3").expect(201);
        admin("POST", "/api/v1/subjects/i3/block", "{}").expect(200);
        // When
        var refused = reserve("i3");
        admin("POST", "/api/v1/subjects/i3/unblock", "{}").expect(200);
        // Then
        assertThat(refused.expect(403).get("code").asText()).isEqualTo("SUBJECT_BLOCKED");
        reserve("i3").expect(201);
    }

    @Test
    void i4_requests_pass_while_tracking_is_away_and_are_recorded_later() throws InterruptedException {
        // Given
        try (var client = QuotaryClient.builder(URI.create(app.url()), api().key())
                .clock(app::now)
                .timeout(Duration.ofSeconds(5))
                .build()) {
            app.crash();
            var call = Call.of("anthropic", "claude-sonnet-4-6")
                    .subject("i4")
                    .feature("message")
                    .tokens(1000, 500);
            // When
            var answer = client.execute(call, () -> "Hi there.", _ -> Usage.tokens(1000, 500));
            app.restart();
            // Then
            assertThat(answer).isEqualTo("Hi there.");
            assertThat(client.flush(Duration.ofSeconds(30))).isTrue();
            var status = api().get("/api/v1/usage/status?subject=i4").expect(200);
            assertThat(Example.limit(status, "daily-messages").get("used").asLong())
                    .isEqualTo(1);
            assertThat(Example.limit(status, "daily-cost").get("used").asText()).isEqualTo("0.0105");
            assertThat(client.record(call, Usage.tokens(1000, 500))).isInstanceOf(Settled.Recorded.class);
        }
    }

    @Test
    void i5_one_user_over_days_is_told_in_sums_and_means() {
        // Given
        for (var outcome : new String[] {"success", "success", "success", "error"}) {
            api().post(
                            "/api/v1/usage/records",
                            "{\"subject\":\"i5\"," + SONNET + ",\"outcome\":\"" + outcome
                                    + "\",\"latency_ms\":1000,\"queue_wait_ms\":20,"
                                    + "\"quantities\":{\"tokens.input\":1000,\"tokens.output\":500}}")
                    .expect(200);
        }
        // When
        var answer = api().get(
                        "/api/v1/usage/query?meter=requests,errors,tokens,cost,success_rate,latency_ms,queue_wait_ms"
                                + "&granularity=total&subject=i5&to="
                                + app.now().plusSeconds(1))
                .expect(200);
        // Then
        var total = answer.at("/series/0/total");
        assertThat(total.get("requests").asLong()).isEqualTo(4);
        assertThat(total.get("errors").asLong()).isEqualTo(1);
        assertThat(total.get("tokens").asLong()).isEqualTo(6_000);
        assertThat(total.get("cost").asText()).isEqualTo("0.042");
        assertThat(new BigDecimal(total.at("/success_rate/value").asText())).isEqualByComparingTo("0.75");
        assertThat(new BigDecimal(total.at("/latency_ms/value").asText())).isEqualByComparingTo("1000");
        assertThat(new BigDecimal(total.at("/queue_wait_ms/value").asText())).isEqualByComparingTo("20");
    }

    @Test
    void i6_quotas_are_changed_and_tiers_managed_while_the_app_runs() {
        // Given
        api().post(
                        "/api/v1/usage/records",
                        "{\"subject\":\"i6\",\"feature\":\"message\",\"quantities\":{\"requests\":100},\"cost\":\"0\"}")
                .expect(200);
        app.after(Duration.ofHours(3));
        reserve("i6").expect(429);
        // When
        var path = "/api/v1/subjects/i6/overrides/daily-messages?organization=" + APP;
        var more = app.admin().put(path, "{\"max\":120,\"reason\":\"tester of the month\"}");
        // Then
        more.expect(201);
        var passed = reserve("i6").expect(201);
        assertThat(Example.limit(passed, "daily-messages").get("remaining").asLong())
                .isEqualTo(19);
        app.plan(APP, "i6", "premium");
        assertThat(Example.limit(reserve("i6").expect(201), "daily-tokens")
                        .get("max")
                        .asLong())
                .isEqualTo(1_000_000);
        app.admin().send("DELETE", path, "", "If-Match", "*").expect(204);
        assertThat(app.limit(APP, "i6", "daily-messages").get("max").asLong()).isEqualTo(2_000);
    }

    @Test
    void i8_calls_wait_by_the_priority_of_their_tier_and_the_wait_is_recorded_and_told() {
        // Given
        var mayEnd = new CountDownLatch(1);
        app.plan(APP, "i8-premium", "premium");
        provider.answers((_, to) -> {
            to.await(mayEnd);
            to.whole(200, List.of(), Chat.bytes(Chat.answer(6, 1)));
        });
        try (var running = RawClient.connect(app.port());
                var usual = RawClient.connect(app.port());
                var premium = RawClient.connect(app.port())) {
            running.send(chat("i8-a", "Running"));
            provider.taken();
            usual.send(chat("i8-b", "Usual"));
            Await.until(ScenarioIIT::waiting, count -> count == 1);
            premium.send(chat("i8-premium", "Premium"));
            Await.until(ScenarioIIT::waiting, count -> count == 2);
            // When
            mayEnd.countDown();
            running.answer();
            var waited = premium.answer();
            usual.answer();
            // Then
            assertThat(provider.taken().text()).contains("Premium");
            assertThat(provider.taken().text()).contains("Usual");
            assertThat(waited.status()).isEqualTo(200);
            var event = api().get("/api/v1/usage/events/"
                            + waited.header("X-Quotary-Event").orElseThrow())
                    .expect(200);
            long milliseconds = event.get("queue_wait_ms").asLong();
            assertThat(milliseconds).isPositive();
            assertThat(waited.header("Server-Timing").orElse("")).contains("queue;dur=" + milliseconds);
        }
    }

    private static int waiting() {
        var metrics = app.admin().get("/metrics").response().body();
        return metrics.lines()
                .filter(line -> line.startsWith("quotary_provider_calls_waiting{"))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static Ask chat(String subject, String text) {
        return Ask.post(TestServer.CHAT, Chat.CAPPED.replace("Hi", text))
                .key(api().key())
                .with("X-Quotary-Subject", subject)
                .with("X-Quotary-Feature", "message");
    }

    private static LocalDate today() {
        return app.now().atZone(ZoneOffset.UTC).toLocalDate();
    }

    private static Api api() {
        return app.backend(APP);
    }

    private static Api.Answer admin(String method, String path, String body) {
        return app.admin().send(method, path + "?organization=" + APP, body);
    }

    private static Api.Answer reserve(String subject) {
        return api().post(
                        "/api/v1/usage/reservations",
                        "{\"subject\":\"" + subject + "\"," + SONNET
                                + ",\"feature\":\"message\",\"quantities\":{\"tokens.input\":1000,\"tokens.output\":500}}");
    }

    private static JsonNode event(JsonNode recorded) {
        return api().get("/api/v1/usage/events/" + recorded.at("/events/0/id").asText())
                .expect(200);
    }
}
