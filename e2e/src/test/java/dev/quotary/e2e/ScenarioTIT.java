package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.e2e.RawClient.Ask;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The chat app of {@code examples/t-chat-app}: the number in a test's name is the row of the scenario. */
@Timeout(60)
class ScenarioTIT {
    private static final String APP = "chat-app";
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final String MESSAGE = "{\"subject\":\"%s\",\"provider\":\"%s\",\"model\":\"%s\","
            + "\"quantities\":{\"tokens.input\":900,\"tokens.output\":100}}";

    @TempDir
    private static Path folder;

    private static CannedProvider provider;
    private static Example app;

    @BeforeAll
    static void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(100, 50)));
        app = Example.start(
                folder,
                "t-chat-app",
                TestServer.NOW,
                "providers: { openai: { base_url: \"" + provider.baseUrl() + "\", api_key: none } }");
    }

    @AfterAll
    static void stop() {
        app.close();
        provider.close();
    }

    /** In the middle of a day, so that what a test does lies within one, whatever other tests did to the clock. */
    @BeforeEach
    void begin_a_new_day() {
        app.at(today().plusDays(1).atTime(12, 0).atZone(BERLIN).toInstant());
    }

    @Test
    void t1_check_tells_every_reason_with_the_details_and_what_remains() {
        // Given
        record("t1", "{\"requests\":500,\"tokens.input\":99000,\"tokens.output\":500}", "4.9999");
        // When
        var checked = check("t1", "openai", "gpt-4o");
        // Then
        assertThat(checked.get("allowed").asBoolean()).isFalse();
        assertThat(Example.violated(checked)).containsExactly("daily-requests", "daily-tokens", "daily-cost");
        var tokens = checked.at("/violations/1");
        assertThat(tokens.get("max").asLong()).isEqualTo(100_000);
        assertThat(tokens.get("used").asLong()).isEqualTo(99_500);
        assertThat(tokens.get("remaining").asLong()).isEqualTo(500);
        assertThat(tokens.get("window").asText()).isEqualTo("day");
        var cost = checked.at("/violations/2");
        assertThat(cost.get("max").asText()).isEqualTo("5");
        assertThat(cost.get("used").asText()).isEqualTo("4.9999");
        assertThat(cost.get("remaining").asText()).isEqualTo("0.0001");
        // 900 tokens at $2.50 and 100 at $10 per million.
        assertThat(checked.get("estimated_cost").asText()).isEqualTo("0.00325");
        assertThat(checked.get("status").asInt()).isEqualTo(429);
    }

    @Test
    void t1_check_that_can_proceed_says_so_with_what_remains_of_every_quota_that_matches() {
        // When
        var checked = check("t1ok", "openai", "gpt-4o-mini");
        // Then
        assertThat(checked.get("allowed").asBoolean()).isTrue();
        assertThat(keys(checked))
                .containsExactlyInAnyOrder(
                        "daily-requests",
                        "daily-tokens",
                        "daily-cost",
                        "monthly-requests",
                        "monthly-tokens",
                        "monthly-cost",
                        "gpt-4o-requests");
        assertThat(Example.limit(checked, "monthly-tokens").get("remaining").asLong())
                .isEqualTo(1_000_000);
    }

    @Test
    void t1_quotas_of_a_provider_and_of_a_model_apply_together_with_the_general_ones() {
        // Given
        api().post(
                        "/api/v1/usage/records",
                        "{\"subject\":\"t1p\",\"provider\":\"openai\",\"model\":\"gpt-4o-2024-08-06\","
                                + "\"quantities\":{\"requests\":100}}")
                .expect(200);
        // When
        var sameModel = reserve("t1p", "openai", "gpt-4o");
        var otherModel = reserve("t1p", "openai", "gpt-4.1");
        var otherProvider = reserve("t1p", "anthropic", "claude-sonnet-4-6");
        // Then
        assertThat(Example.violated(sameModel.expect(429))).containsExactly("gpt-4o-requests");
        assertThat(keys(otherModel.expect(201))).doesNotContain("gpt-4o-requests", "anthropic-requests");
        var limit = Example.limit(otherProvider.expect(201), "anthropic-requests");
        assertThat(limit.get("used").asLong()).isZero();
        assertThat(limit.get("held").asLong()).isEqualTo(1);
        assertThat(app.limit(APP, "t1p", "daily-requests").get("used").asLong()).isEqualTo(100);
    }

    @Test
    void t2_status_has_percentages_alerts_and_overall_health() {
        // Given
        record("t2", "{\"requests\":400,\"tokens.input\":95000}", "0.50");
        // When
        var status = status("t2");
        // Then
        assertThat(status.get("plan").asText()).isEqualTo("chat-free");
        assertThat(status.get("state").asText()).isEqualTo("warning");
        assertThat(Example.limit(status, "daily-requests").get("percent").asText())
                .isEqualTo("80.0");
        assertThat(Example.limit(status, "daily-tokens").get("percent").asText())
                .isEqualTo("95.0");
        assertThat(Example.limit(status, "monthly-cost").get("percent").asText())
                .isEqualTo("1.0");
        assertThat(status.get("warnings").toString())
                .isEqualTo(
                        "[{\"limit\":\"daily-requests\",\"threshold\":75},{\"limit\":\"daily-tokens\",\"threshold\":90}]");
        assertThat(status.at("/totals/cost/day").asText()).isEqualTo("0.5");
    }

    @Test
    void t2_new_user_needs_no_setting_up_and_setting_one_up_twice_changes_nothing() {
        // Given
        var before =
                app.admin().get("/api/v1/subjects/t2new?organization=" + APP).expect(200);
        // When
        var path = "/api/v1/subjects/t2new?organization=" + APP;
        var first = app.admin().put(path, "{\"plan\":\"chat-pro\"}");
        var second = app.admin().put(path, "{\"plan\":\"chat-pro\"}");
        // Then
        assertThat(before.get("declared").asBoolean()).isFalse();
        assertThat(before.get("effective_plan").asText()).isEqualTo("chat-free");
        first.expect(201);
        second.expect(200);
        assertThat(Example.limit(status("t2new"), "daily-requests").get("max").asLong())
                .isEqualTo(5_000);
        assertThat(app.admin().get(path).expect(200).get("declared").asBoolean())
                .isTrue();
    }

    @Test
    void t3_actual_use_takes_the_place_of_the_estimate_and_the_difference_is_told() {
        // Given
        var reserved = reserve("t3", "openai", "gpt-4o").expect(201);
        var held = Example.limit(reserved, "daily-tokens");
        // When
        var committed = api().post(
                        "/api/v1/usage/reservations/"
                                + reserved.at("/reservation/id").asText() + "/commit",
                        "{\"provider_response\":" + Chat.answer(100, 50).replace("gpt-4o-mini-2024-07-18", "gpt-4o")
                                + "}")
                .expect(200);
        // Then
        assertThat(reserved.get("estimated_cost").asText()).isEqualTo("0.00325");
        assertThat(held.get("held").asLong()).isEqualTo(1_000);
        assertThat(committed.at("/estimate/cost").asText()).isEqualTo("0.00325");
        assertThat(committed.at("/estimate/quantities/tokens").asLong()).isEqualTo(1_000);
        assertThat(committed.get("cost").asText()).isEqualTo("0.00075");
        assertThat(committed.at("/quantities/tokens").asLong()).isEqualTo(150);
        var settled = app.limit(APP, "t3", "daily-tokens");
        assertThat(settled.get("used").asLong()).isEqualTo(150);
        assertThat(settled.get("held").asLong()).isZero();
        assertThat(app.limit(APP, "t3", "daily-cost").get("used").asText()).isEqualTo("0.00075");
    }

    @Test
    void t3_server_checks_again_and_refuses_with_the_details_before_the_provider_is_called() {
        // Given
        record("t3g", "{\"requests\":499}", "0");
        int before = provider.calls();
        var passed = chat("t3g");
        // When
        var refused = chat("t3g");
        // Then
        assertThat(passed.status()).isEqualTo(200);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("X-Quotary-Limit")).hasValue("daily-requests");
        assertThat(refused.header("X-Usage-Current")).hasValue("500");
        assertThat(refused.header("X-Usage-Limit")).hasValue("500");
        assertThat(refused.header("X-Usage-Remaining")).hasValue("0");
        assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("daily-requests");
        assertThat(provider.calls() - before).isEqualTo(1);
    }

    @Test
    void t3_batch_is_accepted_with_a_status_to_ask_for_and_recorded() {
        // Given
        var record = "{\"subject\":\"t3s\",\"quantities\":{\"requests\":3}}";
        // When
        var accepted = api().post("/api/v1/usage/syncs", "{\"id\":\"t3-batch\",\"records\":[" + record + "]}")
                .expect(202);
        // Then
        assertThat(accepted.get("records").asLong()).isEqualTo(1);
        var done = Await.until(() -> sync("chat-app", "t3-batch"), ScenarioTIT::done);
        assertThat(done.get("recorded").asLong()).isEqualTo(1);
        assertThat(Example.limit(status("t3s"), "daily-requests").get("used").asLong())
                .isEqualTo(3);
        assertThat(api().get("/api/v1/usage/syncs?state=pending").expect(200).get("syncs"))
                .isEmpty();
    }

    @Test
    void t3_batch_that_fails_is_tried_five_times_more_parked_and_resumed() {
        // Given
        app.admin()
                .put("/api/v1/organizations/chat-strict", "{\"plan\":\"chat-free\",\"unknown_subjects\":\"refuse\"}");
        var strict = app.backend("chat-strict");
        var record = "{\"subject\":\"late\",\"quantities\":{\"requests\":2}}";
        // When
        strict.post("/api/v1/usage/syncs", "{\"id\":\"t3-late\",\"records\":[" + record + "]}")
                .expect(202);
        for (int attempts = 1; attempts <= 5; attempts++) {
            int begun = attempts;
            Await.until(() -> sync("chat-strict", "t3-late"), sync -> failed(sync, begun));
            app.after(Duration.ofSeconds(256));
        }
        var parked = Await.until(() -> sync("chat-strict", "t3-late"), sync -> sync.has("parked_at"));
        app.plan("chat-strict", "late", "chat-free");
        strict.post("/api/v1/usage/syncs/t3-late/resume", "").expect(200);
        // Then
        assertThat(parked.get("attempts").asInt()).isEqualTo(6);
        assertThat(parked.at("/failure/code").asText()).isEqualTo("SUBJECT_UNKNOWN");
        Await.until(() -> sync("chat-strict", "t3-late"), ScenarioTIT::done);
        assertThat(app.limit("chat-strict", "late", "monthly-requests")
                        .get("used")
                        .asLong())
                .isEqualTo(2);
    }

    private static JsonNode sync(String organization, String id) {
        return app.backend(organization).get("/api/v1/usage/syncs/" + id).expect(200);
    }

    private static boolean done(JsonNode sync) {
        return sync.get("state").asText().equals("done");
    }

    private static boolean failed(JsonNode sync, int attempts) {
        return sync.get("attempts").asInt() == attempts
                && sync.at("/failure/at").asText().equals(app.now().toString());
    }

    @Test
    void t4_use_is_shown_by_hour_and_model_and_as_a_file() {
        // Given
        var noon = app.now();
        recordAll("t4", 2, "openai", "gpt-4o-mini");
        app.after(Duration.ofHours(2));
        recordAll("t4", 1, "anthropic", "claude-sonnet-4-6");
        var query = "/api/v1/usage/query?meter=requests,cost&granularity=hour&group_by=provider,model&subject=t4&from="
                + noon + "&to=" + noon.plus(Duration.ofHours(3));
        // When
        var answer = api().get(query).expect(200);
        var file = Api.send(api().request(query).header("Accept", "text/csv"));
        // Then
        var most = answer.at("/series/0");
        assertThat(most.at("/group/model").asText()).isEqualTo("gpt-4o-mini");
        assertThat(most.at("/total/requests").asLong()).isEqualTo(2);
        assertThat(most.at("/total/cost").asText()).isEqualTo("0.00039");
        assertThat(most.get("points")
                        .valueStream()
                        .map(point -> point.at("/values/requests").asLong()))
                .containsExactly(2L, 0L, 0L);
        var other = answer.at("/series/1");
        assertThat(other.at("/points/2/values/cost").asText()).isEqualTo("0.0042");
        assertThat(file.response().body().lines()).hasSize(1 + 2 * 3);
    }

    @Test
    void t5_visitor_has_fifty_messages_and_is_told_when_it_gets_close_and_where_to_sign_in() {
        // Given
        var session = visit("203.0.113.5");
        var visitor = session.get("subject").asText();
        var browser = new Api(app.url(), session.get("token").asText());
        messages(visitor, 39);
        var before = Example.limit(browser.get("/api/v1/usage/status").expect(200), "messages");
        messages(visitor, 1);
        // When
        var close = browser.get("/api/v1/usage/status").expect(200);
        messages(visitor, 10);
        var refused = reserve(visitor, "openai", "gpt-4o-mini");
        // Then
        assertThat(before.get("remaining").asLong()).isEqualTo(11);
        assertThat(before.get("state").asText()).isEqualTo("ok");
        assertThat(Example.limit(close, "messages").get("remaining").asLong()).isEqualTo(10);
        assertThat(close.get("state").asText()).isEqualTo("warning");
        assertThat(close.at("/warnings/0/threshold").asInt()).isEqualTo(80);
        var body = refused.expect(429);
        assertThat(body.get("upgrade_url").asText()).isEqualTo("/sign-in");
        assertThat(Example.violated(body)).containsExactly("messages");
    }

    @Test
    void t5_token_of_a_visitor_opens_nothing_but_its_own_status() {
        // Given
        var session = visit("203.0.113.6");
        var browser = new Api(app.url(), session.get("token").asText());
        // When
        var own = browser.get("/api/v1/usage/status");
        var other = browser.get("/api/v1/usage/status?subject=t2");
        var use = browser.post("/api/v1/usage/reservations", "{\"quantities\":{\"requests\":1}}");
        // Then
        assertThat(own.expect(200).get("subject")).isEqualTo(session.get("subject"));
        assertThat(other.status()).isEqualTo(403);
        assertThat(use.status()).isEqualTo(403);
    }

    @Test
    void t5_clearing_the_browser_does_not_renew_what_a_network_may_use() {
        // Given
        for (int i = 0; i < 3; i++) {
            messages(visit("198.51.100.9").get("subject").asText(), 50);
        }
        // When
        var again = visit("198.51.100.9");
        var refused = reserve(again.get("subject").asText(), "openai", "gpt-4o-mini");
        var elsewhere = reserve(visit("198.51.100.10").get("subject").asText(), "openai", "gpt-4o-mini");
        // Then
        assertThat(Example.limit(again.get("status"), "messages").get("used").asLong())
                .isZero();
        assertThat(Example.violated(refused.expect(429))).containsExactly("network");
        elsewhere.expect(201);
    }

    @Test
    void t5_sign_up_moves_what_was_used_once_and_ends_the_session() {
        // Given
        var session = visit("203.0.113.7");
        var visitor = session.get("subject").asText();
        messages(visitor, 12);
        var merge = "/api/v1/anonymous-sessions/" + visitor + "/merge";
        // When
        var answers = Together.call(8, _ -> api().post(merge, "{\"into\":\"t5user\"}"));
        // Then
        assertThat(answers).allMatch(answer -> answer.status() == 200);
        assertThat(answers.stream().map(Api.Answer::json).distinct()).hasSize(1);
        var status = status("t5user");
        assertThat(Example.limit(status, "daily-requests").get("used").asLong()).isEqualTo(12);
        assertThat(Example.limit(status, "daily-requests").get("remaining").asLong())
                .isEqualTo(488);
        // 900 + 100 tokens each, which nobody limits for a visitor.
        assertThat(Example.limit(status, "monthly-tokens").get("used").asLong()).isEqualTo(12_000);
        assertThat(new Api(app.url(), session.get("token").asText())
                        .get("/api/v1/usage/status")
                        .status())
                .isEqualTo(403);
        assertThat(reserve(visitor, "openai", "gpt-4o-mini").status()).isEqualTo(403);
        assertThat(api().post(merge, "{\"into\":\"t5other\"}")
                        .expect(409)
                        .get("code")
                        .asText())
                .isEqualTo("VISITOR_MERGED");
    }

    @Test
    void t6_daily_quotas_begin_anew_at_local_midnight_and_monthly_ones_on_the_first() {
        // Given
        var first = YearMonth.from(today()).plusMonths(1).atDay(1);
        app.at(first.minusDays(1).atTime(12, 0).atZone(BERLIN).toInstant());
        record("t6", "{\"requests\":500}", "5.00");
        app.at(midnight(first).minusMillis(1));
        reserve("t6", "openai", "gpt-4.1").expect(429);
        // When
        app.at(midnight(first));
        // Then
        var status = status("t6");
        for (var limit : List.of("daily-requests", "monthly-requests")) {
            assertThat(Example.limit(status, limit).get("used").asLong()).isZero();
            assertThat(Example.limit(status, limit).get("window_start").asText())
                    .isEqualTo(midnight(first).toString());
        }
        reserve("t6", "openai", "gpt-4.1").expect(201);
    }

    @Test
    void t6_month_goes_on_over_midnight() {
        // Given
        var day = today().getDayOfMonth() == today().lengthOfMonth() ? today().plusDays(1) : today();
        app.at(day.atTime(20, 0).atZone(BERLIN).toInstant());
        record("t6m", "{\"requests\":500}", "5.00");
        // When
        app.at(midnight(day.plusDays(1)));
        // Then
        var status = status("t6m");
        assertThat(Example.limit(status, "daily-cost").get("used").asText()).isEqualTo("0");
        assertThat(Example.limit(status, "monthly-cost").get("used").asText()).isEqualTo("5");
        assertThat(Example.limit(status, "monthly-requests").get("used").asLong())
                .isEqualTo(500);
    }

    @Test
    void t7_user_never_reads_the_use_of_another() {
        // Given
        var made = record("t7a", "{\"requests\":7}", "0.07");
        var event = made.at("/events/0/id").asText();
        var other = new Api(
                app.url(),
                app.admin()
                        .post(
                                "/api/v1/keys",
                                "{\"organization\":\"chat-app\",\"role\":\"subject\",\"subject\":\"t7b\"}")
                        .expect(201)
                        .get("secret")
                        .asText());
        // When
        var named = other.get("/api/v1/usage/status?subject=t7a");
        var read = other.get("/api/v1/usage/events/" + event);
        var own = other.get("/api/v1/usage/status");
        // Then
        assertThat(named.status()).isEqualTo(403);
        assertThat(read.status()).isEqualTo(404);
        assertThat(Example.limit(own.expect(200), "daily-requests").get("used").asLong())
                .isZero();
        assertThat(api().get("/api/v1/usage/events/" + event).status()).isEqualTo(200);
    }

    private static LocalDate today() {
        return app.now().atZone(BERLIN).toLocalDate();
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay(BERLIN).toInstant();
    }

    private static Api api() {
        return app.backend(APP);
    }

    private static JsonNode status(String subject) {
        return api().get("/api/v1/usage/status?subject=" + subject).expect(200);
    }

    private static JsonNode check(String subject, String provider, String model) {
        return api().post("/api/v1/usage/check", MESSAGE.formatted(subject, provider, model))
                .expect(200);
    }

    private static Api.Answer reserve(String subject, String provider, String model) {
        return api().post("/api/v1/usage/reservations", MESSAGE.formatted(subject, provider, model));
    }

    private static JsonNode record(String subject, String quantities, String cost) {
        return api().post(
                        "/api/v1/usage/records",
                        "{\"subject\":\"" + subject + "\",\"quantities\":" + quantities + ",\"cost\":\"" + cost + "\"}")
                .expect(200);
    }

    private static JsonNode visit(String address) {
        return api().post("/api/v1/anonymous-sessions", "{\"client_address\":\"" + address + "\"}")
                .expect(201);
    }

    private static void messages(String subject, int times) {
        recordAll(subject, times, "openai", "gpt-4o-mini");
    }

    private static void recordAll(String subject, int times, String provider, String model) {
        var each = MESSAGE.formatted(subject, provider, model);
        api().post("/api/v1/usage/records", "[" + String.join(",", Collections.nCopies(times, each)) + "]")
                .expect(200);
    }

    private static RawHttp.Message chat(String subject) {
        return RawClient.exchange(
                app.port(),
                Ask.post(TestServer.CHAT, Chat.CAPPED).key(api().key()).with("X-Quotary-Subject", subject));
    }

    private static List<String> keys(JsonNode answer) {
        return answer.get("limits")
                .valueStream()
                .map(limit -> limit.get("limit").asText())
                .toList();
    }
}
