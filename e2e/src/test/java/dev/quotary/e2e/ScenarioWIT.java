package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.client.Attempt;
import dev.quotary.client.Call;
import dev.quotary.client.QuotaryClient;
import dev.quotary.client.Settled;
import dev.quotary.client.Usage;
import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The writing app of {@code examples/w-writing-app}: the number in a test's name is the row of the scenario. */
@Timeout(60)
class ScenarioWIT {
    private static final String APP = "writing-app";
    private static final String GENERATION = "{\"subject\":\"%s\",\"quantities\":{\"ai_generation\":1}}";
    private static final String USED_UP =
            "Usage limit exceeded for ai_generation. Your free plan allows 50 per month. You've used 50.";

    @TempDir
    private static Path folder;

    private static Example app;

    @BeforeAll
    static void start() {
        app = Example.start(folder, "w-writing-app", TestServer.NOW);
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void w1_fifty_generations_pass_and_the_next_is_refused_before_the_model_is_called_with_the_way_out() {
        // Given
        generate("w1", 50);
        // When
        var refused = reserve("w1");
        // Then
        var body = refused.expect(402);
        assertThat(refused.header("content-type")).hasValue("application/problem+json");
        assertThat(body.get("error").asText()).isEqualTo(USED_UP);
        assertThat(body.get("detail").asText()).isEqualTo(USED_UP);
        assertThat(body.get("code").asText()).isEqualTo("USAGE_LIMIT_EXCEEDED");
        assertThat(body.get("upgrade_url").asText()).isEqualTo("/settings/billing");
        assertThat(body.get("allowed").asBoolean()).isFalse();
        assertThat(body.get("decision").asText()).isEqualTo("denied");
        assertThat(Example.violated(body)).containsExactly("generations");
        var violation = body.at("/violations/0");
        assertThat(violation.get("scope").asText()).isEqualTo("subject:w1");
        assertThat(violation.get("max").asLong()).isEqualTo(50);
        assertThat(violation.get("used").asLong()).isEqualTo(50);
        assertThat(violation.get("held").asLong()).isZero();
        assertThat(violation.get("remaining").asLong()).isZero();
        assertThat(violation.get("state").asText()).isEqualTo("exceeded");
        assertThat(violation.get("resets_at").asText())
                .isEqualTo(month().plusMonths(1).atDay(1) + "T00:00:00Z");
    }

    @Test
    void w1_check_tells_the_same_and_neither_holds_nor_refuses_the_request() {
        // Given
        generate("w1c", 49);
        for (int i = 0; i < 10; i++) {
            check("w1c");
        }
        generate("w1c", 1);
        // When
        var checked = check("w1c");
        // Then
        assertThat(checked.get("allowed").asBoolean()).isFalse();
        assertThat(checked.get("error").asText()).isEqualTo(USED_UP);
        assertThat(checked.get("code").asText()).isEqualTo("USAGE_LIMIT_EXCEEDED");
        assertThat(checked.get("upgrade_url").asText()).isEqualTo("/settings/billing");
    }

    @Test
    void w2_pro_user_passes_more_than_a_hundred_and_is_told_that_there_is_no_limit() {
        // Given
        app.plan(APP, "w2", "pro");
        // When
        generate("w2", 120);
        // Then
        var status = api().get("/api/v1/usage/status?subject=w2&view=compat").expect(200);
        var own = Example.limit(status, "generations");
        assertThat(own.get("unlimited").asBoolean()).isTrue();
        assertThat(own.get("max").isNull()).isTrue();
        assertThat(own.get("remaining").isNull()).isTrue();
        assertThat(own.get("used").asLong()).isEqualTo(120);
        assertThat(status.at("/compat/0/limit").asLong()).isEqualTo(-1);
        assertThat(status.at("/compat/0/used").asLong()).isEqualTo(120);
    }

    @Test
    void w2_upgrade_lets_the_next_generation_pass_at_once() {
        // Given
        generate("w2u", 50);
        reserve("w2u").expect(402);
        // When
        app.plan(APP, "w2u", "enterprise");
        // Then
        var passed = reserve("w2u").expect(201);
        var limit = Example.limit(passed, "generations");
        assertThat(limit.get("unlimited").asBoolean()).isTrue();
        assertThat(limit.get("used").asLong()).isEqualTo(50);
    }

    @Test
    void w3_generation_that_failed_does_not_count_but_is_kept_with_its_tokens_and_model() {
        // Given
        var asked = "{\"subject\":\"w3\",\"provider\":\"openai\",\"model\":\"gpt-4o-mini\","
                + "\"quantities\":{\"ai_generation\":1,\"tokens.input\":900,\"tokens.output\":1000}}";
        var reserved = api().post("/api/v1/usage/reservations", asked).expect(201);
        var failed = "{\"outcome\":\"error\",\"error_type\":\"provider_error\",\"latency_ms\":812,"
                + "\"quantities\":{\"tokens.input\":812,\"tokens.output\":3}}";
        // When
        var committed = commit(reserved, failed);
        // Then
        var limit = app.limit(APP, "w3", "generations");
        assertThat(limit.get("used").asLong()).isZero();
        assertThat(limit.get("held").asLong()).isZero();
        var event = api().get(
                        "/api/v1/usage/events/" + committed.get("event_id").asText())
                .expect(200);
        assertThat(event.get("outcome").asText()).isEqualTo("error");
        assertThat(event.get("error_type").asText()).isEqualTo("provider_error");
        assertThat(event.get("model").asText()).isEqualTo("gpt-4o-mini");
        assertThat(event.at("/quantities/tokens.input").asLong()).isEqualTo(812);
        assertThat(event.at("/quantities/tokens.output").asLong()).isEqualTo(3);
        assertThat(event.get("quantities").has("ai_generation")).isFalse();
    }

    @Test
    void w4_two_hundred_at_once_with_ten_left_are_exactly_ten() {
        // Given
        generate("w4", 40);
        // When
        var statuses = Together.call(200, _ -> {
            var answer = reserve("w4");
            if (answer.status() == 201) {
                commit(answer.json(), "{}");
            }
            return answer.status();
        });
        // Then
        assertThat(statuses).filteredOn(status -> status == 201).hasSize(10);
        assertThat(statuses).filteredOn(status -> status == 402).hasSize(190);
        var limit = app.limit(APP, "w4", "generations");
        assertThat(limit.get("used").asLong()).isEqualTo(50);
        assertThat(limit.get("held").asLong()).isZero();
    }

    @Test
    void w5_new_month_has_fifty_again_and_the_last_one_keeps_its_fifty() {
        // Given
        var next = month().plusMonths(1);
        var begins = next.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        generate("w5", 49);
        app.at(begins.minusSeconds(30));
        var last = reserve("w5").expect(201);
        app.at(begins.minusMillis(1));
        reserve("w5").expect(402);
        // When
        app.at(begins);
        var committed = commit(last, "{}");
        // Then
        var limit = app.limit(APP, "w5", "generations");
        assertThat(limit.get("used").asLong()).isZero();
        assertThat(limit.get("remaining").asLong()).isEqualTo(50);
        assertThat(limit.get("window_start").asText()).isEqualTo(next.atDay(1) + "T00:00:00Z");
        generate("w5", 50);
        reserve("w5").expect(402);
        assertThat(committed.get("late").asBoolean()).isFalse();
        // The ledger is the truth: a server that starts in the month before counts what that month had.
        app.restart(begins.minusMillis(1));
        assertThat(app.limit(APP, "w5", "generations").get("used").asLong()).isEqualTo(50);
        app.restart();
    }

    @Test
    void w5_month_begins_where_the_organization_is() {
        // Given
        var berlin = ZoneId.of("Europe/Berlin");
        var other = app.backend("writing-app-berlin");
        var next = YearMonth.from(app.now().atZone(berlin)).plusMonths(1);
        var begins = next.atDay(1).atStartOfDay(berlin).toInstant();
        app.at(begins.minusSeconds(1));
        other.post("/api/v1/usage/records", GENERATION.formatted("w5z")).expect(200);
        // When
        app.at(begins);
        // Then
        var limit = app.limit("writing-app-berlin", "w5z", "generations");
        assertThat(limit.get("used").asLong()).isZero();
        assertThat(limit.get("window_start").asText()).isEqualTo(begins.toString());
        assertThat(limit.get("resets_at").asText())
                .isEqualTo(next.plusMonths(1)
                        .atDay(1)
                        .atStartOfDay(berlin)
                        .toInstant()
                        .toString());
    }

    @Test
    void w6_status_has_what_a_bar_shows() {
        // Given
        generate("w6", 37);
        app.plan(APP, "w6p", "pro");
        generate("w6p", 12);
        // When
        var bar = app.limit(APP, "w6", "generations");
        generate("w6", 8);
        var red = app.limit(APP, "w6", "generations");
        var unlimited = app.limit(APP, "w6p", "generations");
        // Then
        assertThat(bar(bar)).isEqualTo("37 / 50 ok");
        assertThat(bar.get("percent").asText()).isEqualTo("74.0");
        assertThat(bar(red)).isEqualTo("45 / 50 warning");
        assertThat(red.get("percent").asText()).isEqualTo("90.0");
        assertThat(bar(unlimited)).isEqualTo("12 / unlimited ok");
    }

    private static String bar(JsonNode limit) {
        var max = limit.get("unlimited").asBoolean()
                ? "unlimited"
                : limit.get("max").asText();
        return limit.get("used").asText() + " / " + max + " "
                + limit.get("state").asText();
    }

    @Test
    void w7_store_that_is_away_blocks_nobody_and_the_use_is_counted_afterwards() throws Exception {
        // Given
        try (var client = QuotaryClient.builder(URI.create(app.url()), api().key())
                .clock(app::now)
                .timeout(Duration.ofSeconds(2))
                .build()) {
            database("ALTER TABLE usage_event RENAME TO usage_event_away");
            // When
            var attempt = client.wrap(
                    Call.of().subject("w7").quantity("ai_generation", 1), () -> "a text", _ -> Usage.asHeld());
            database("ALTER TABLE usage_event_away RENAME TO usage_event");
            // Then
            assertThat(attempt).isInstanceOfSatisfying(Attempt.Done.class, done -> {
                assertThat(done.value()).isEqualTo("a text");
                assertThat(done.settled()).isInstanceOf(Settled.Kept.class);
            });
            assertThat(client.flush(Duration.ofSeconds(20))).isTrue();
            var limit = app.limit(APP, "w7", "generations");
            assertThat(limit.get("used").asLong()).isEqualTo(1);
            assertThat(limit.get("held").asLong()).isZero();
        }
    }

    /** From outside, as a damaged file would come: the server's own code knows of no such switch. */
    private static void database(String statement) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + app.database());
                var each = connection.createStatement()) {
            each.execute("PRAGMA busy_timeout = 5000");
            each.execute(statement);
        }
    }

    @Test
    void w8_kinds_of_use_do_not_touch_each_other() {
        // Given
        for (int i = 0; i < 5; i++) {
            commit(reserve("w8", "export").expect(201), "{}");
        }
        level("w8", 3);
        // When
        var export = reserve("w8", "export");
        var file = reserve("w8", "kb_file");
        var generation = reserve("w8");
        // Then
        assertThat(List.of(export.status(), file.status(), generation.status())).containsExactly(402, 402, 201);
        assertThat(Example.violated(export.json())).containsExactly("exports");
        assertThat(Example.violated(file.json())).containsExactly("kb-files");
        assertThat(used("w8")).containsExactly(0L, 5L, 3L);
    }

    @Test
    void w8_level_goes_down_again() {
        // Given
        level("w8l", 3);
        reserve("w8l", "kb_file").expect(402);
        // When
        level("w8l", 2);
        // Then
        commit(reserve("w8l", "kb_file").expect(201), "{}");
        assertThat(used("w8l")).containsExactly(0L, 0L, 3L);
    }

    private static List<Long> used(String subject) {
        var status = api().get("/api/v1/usage/status?subject=" + subject).expect(200);
        var used = new ArrayList<Long>();
        for (var limit : List.of("generations", "exports", "kb-files")) {
            used.add(Example.limit(status, limit).get("used").asLong());
        }
        return used;
    }

    private static void level(String subject, int files) {
        api().post(
                        "/api/v1/usage/records",
                        "{\"subject\":\"" + subject + "\",\"quantities\":{\"kb_file\":" + files + "}}")
                .expect(200);
    }

    private static Api api() {
        return app.backend(APP);
    }

    private static YearMonth month() {
        return YearMonth.from(app.now().atZone(ZoneOffset.UTC));
    }

    private static JsonNode check(String subject) {
        return api().post("/api/v1/usage/check", GENERATION.formatted(subject)).expect(200);
    }

    private static Api.Answer reserve(String subject) {
        return reserve(subject, "ai_generation");
    }

    private static Api.Answer reserve(String subject, String meter) {
        return api().post(
                        "/api/v1/usage/reservations",
                        "{\"subject\":\"" + subject + "\",\"quantities\":{\"" + meter + "\":1}}");
    }

    private static JsonNode commit(JsonNode reserved, String body) {
        var id = reserved.at("/reservation/id").asText();
        return api().post("/api/v1/usage/reservations/" + id + "/commit", body).expect(200);
    }

    private static void generate(String subject, int times) {
        for (int i = 0; i < times; i++) {
            commit(reserve(subject).expect(201), "{}");
        }
    }
}
