package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.Role;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** History priced anew after prices were corrected. */
class RepriceTest extends ServerTest {
    private static final String REPRICE = "/api/v1/admin/reprice";
    private static final String NOVEMBER = "\"from\":\"2026-11-01\",\"to\":\"2026-12-01\"";

    @BeforeEach
    void declare() {
        assertThat(admin.post(APPLY, """
                        plans:
                          - key: money
                            limits:
                              - { key: month, meter: cost, per: subject, window: month, max: "100" }
                              - { key: all, meter: cost, per: organization, window: month, max: "1000" }
                        prices: [ { provider: mine, model: chat, input: "10", output: "20" } ]
                        organizations:
                          - { key: shop, plan: money, unpriced_models: allow, price_adjustments: [ { markup: "50" } ] }
                        """).status()).isEqualTo(200);
    }

    private ApiClient shop() {
        return server.as(server.key(Role.SERVICE, "shop", null));
    }

    private String recorded(String members) {
        return shop().post(RECORDS, "{\"subject\":\"u\",\"provider\":\"mine\"," + members + "}")
                .at("events/0/id");
    }

    private String thousandTokens(String model) {
        return recorded("\"model\":\"" + model + "\",\"quantities\":{\"tokens.input\":1000,\"tokens.output\":0}");
    }

    private void cheaper() {
        admin.post(APPLY, "prices: [ { provider: mine, model: chat, input: \"4\", output: \"8\" } ]");
    }

    private ApiClient.Answer reprice(String members) {
        return admin.post(REPRICE, "{" + NOVEMBER + members + "}");
    }

    private ApiClient.Answer event(String id) {
        return shop().get("/api/v1/usage/events/" + id);
    }

    private String used(String limit) {
        return shop().get(STATUS + "?subject=u").json().fields().items("limits").stream()
                .map(value -> value.fields())
                .filter(fields -> fields.need("limit").string().equals(limit))
                .map(fields -> fields.need("used").scalar())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void dry_run_tells_the_sums_by_model_and_organization_and_changes_nothing() {
        // Given
        var id = thousandTokens("chat");
        thousandTokens("chat");
        cheaper();
        // When
        var dry = reprice(",\"dry_run\":true");
        // Then
        assertThat(dry.at("dry_run")).isEqualTo("true");
        assertThat(dry.at("events")).isEqualTo("2");
        assertThat(dry.at("corrected"))
                .isEqualTo("[{\"organization\":\"shop\",\"provider\":\"mine\",\"model\":\"chat\",\"events\":2,"
                        + "\"before\":\"0.03\",\"after\":\"0.012\",\"difference\":\"-0.018\"}]");
        assertThat(dry.at("next")).isEqualTo("null");
        assertThat(event(id).at("corrected_cost")).isEqualTo("null");
        assertThat(used("month")).isEqualTo("0.03");
    }

    @Test
    void corrections_stand_beside_the_event_and_counters_follow() {
        // Given
        var id = thousandTokens("chat");
        cheaper();
        // When
        var done = reprice(",\"reason\":\"the provider's list was wrong\"");
        // Then
        assertThat(done.at("corrected/0/events")).isEqualTo("1");
        var event = event(id);
        assertThat(event.at("cost")).isEqualTo("0.015");
        assertThat(event.at("corrected_cost")).isEqualTo("0.006");
        assertThat(event.at("corrections/0/before")).isEqualTo("0.015");
        assertThat(event.at("corrections/0/cost")).isEqualTo("0.006");
        assertThat(event.at("corrections/0/provider_cost")).isEqualTo("0.004");
        assertThat(event.at("corrections/0/reason")).isEqualTo("the provider's list was wrong");
        assertThat(event.at("corrections/0/by")).startsWith("key_");
        assertThat(event.at("corrections/0/receipt/lines/0/unit_price")).isEqualTo("0.000006");
        assertThat(event.at("receipt/lines/0/unit_price")).isEqualTo("0.000015");
        assertThat(used("month")).isEqualTo("0.006");
        assertThat(used("all")).isEqualTo("0.006");
        assertThat(server.sum("shop", "month", "u", ApiServer.START)).isEqualTo(6_000_000_000L);
    }

    @Test
    void repeated_run_corrects_nothing_and_a_second_correction_follows_the_first() {
        // Given
        var id = thousandTokens("chat");
        cheaper();
        reprice("");
        // When
        var again = reprice("");
        admin.post(APPLY, "prices: [ { provider: mine, model: chat, input: \"6\", output: \"8\" } ]");
        var second = reprice("");
        // Then
        assertThat(again.at("corrected")).isEqualTo("[]");
        assertThat(second.at("corrected/0/before")).isEqualTo("0.006");
        assertThat(second.at("corrected/0/after")).isEqualTo("0.009");
        assertThat(event(id).json().fields().items("corrections")).hasSize(2);
        assertThat(used("month")).isEqualTo("0.009");
    }

    @Test
    void model_that_had_no_price_is_priced_once_it_has_one() {
        // Given
        var id = thousandTokens("new");
        assertThat(event(id).at("cost_basis")).isEqualTo("unpriced");
        assertThat(reprice("").at("unpriced")).isEqualTo("1");
        admin.post(APPLY, "prices: [ { provider: mine, model: new, input: \"1\", output: \"1\" } ]");
        // When
        var done = reprice("");
        // Then
        assertThat(done.at("corrected/0/after")).isEqualTo("0.0015");
        assertThat(event(id).at("corrections/0/cost_basis")).isEqualTo("book");
        assertThat(used("month")).isEqualTo("0.0015");
        assertThat(used("all")).isEqualTo("0.0015");
    }

    @Test
    void cost_that_a_caller_named_stays() {
        // Given
        var id = recorded("\"model\":\"chat\",\"cost\":\"3\",\"quantities\":{\"tokens.input\":1000}");
        cheaper();
        // When
        var done = reprice("");
        // Then
        assertThat(done.at("named_by_others")).isEqualTo("1");
        assertThat(event(id).at("corrected_cost")).isEqualTo("null");
        assertThat(used("month")).isEqualTo("3");
    }

    @Test
    void only_what_matches_is_priced_anew() {
        // Given
        var id = thousandTokens("chat");
        cheaper();
        // Then
        assertThat(admin.post(REPRICE, "{\"from\":\"2026-10-01\",\"to\":\"2026-11-01\"}")
                        .at("events"))
                .isEqualTo("0");
        assertThat(reprice(",\"provider\":\"openai\"").at("events")).isEqualTo("0");
        assertThat(reprice(",\"model\":\"cha\"").at("events")).isEqualTo("0");
        assertThat(reprice(",\"organization\":\"acme\"").at("events")).isEqualTo("0");
        assertThat(event(id).at("corrected_cost")).isEqualTo("null");
        assertThat(reprice(",\"model\":\"cha*\",\"provider\":\"mine\"").at("corrected/0/events"))
                .isEqualTo("1");
    }

    @Test
    void corrections_are_there_after_a_restart() {
        // Given
        var id = thousandTokens("chat");
        cheaper();
        reprice("");
        server.close();
        // When
        server = ApiServer.in(directory);
        admin = server.admin();
        // Then
        assertThat(event(id).at("corrected_cost")).isEqualTo("0.006");
        assertThat(used("month")).isEqualTo("0.006");
        assertThat(reprice("").at("corrected")).isEqualTo("[]");
    }

    @Test
    void next_step_goes_on_after_a_place() {
        // Given
        thousandTokens("chat");
        cheaper();
        // When
        var behind = reprice(",\"after\":{\"organization\":\"shop\",\"time\":\"2026-11-30T00:00:00Z\",\"number\":0}");
        var beforeIt = reprice(",\"after\":{\"organization\":\"shop\",\"time\":\"2026-11-01T00:00:00Z\",\"number\":0}");
        // Then
        assertThat(behind.at("events")).isEqualTo("0");
        assertThat(beforeIt.at("corrected/0/events")).isEqualTo("1");
    }

    @Test
    void only_admins_reprice_and_those_of_an_organization_only_its_own() {
        // Given
        thousandTokens("chat");
        cheaper();
        var own = server.as(server.key(Role.ADMIN, "shop", null));
        var other = server.as(server.key(Role.ADMIN, "acme", null));
        // Then
        assertThat(shop().post(REPRICE, "{" + NOVEMBER + "}").status()).isEqualTo(403);
        assertThat(other.post(REPRICE, "{" + NOVEMBER + "}").at("events")).isEqualTo("0");
        assertThat(other.post(REPRICE, "{" + NOVEMBER + ",\"organization\":\"shop\"}")
                        .status())
                .isEqualTo(403);
        assertThat(own.post(REPRICE, "{" + NOVEMBER + "}").at("corrected/0/events"))
                .isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                    | from",
                "{\"from\":\"2026-11-01\"}                             | to",
                "{\"from\":\"soon\",\"to\":\"2026-12-01\"}             | from",
                "{\"from\":\"2026-12-01\",\"to\":\"2026-12-01\"}       | after 'from'",
                "{\"from\":\"2026-11-01\",\"to\":\"2026-12-01\",\"a\":1} | a"
            })
    void mistake_is_named(String body, String named) {
        // When
        var answer = admin.post(REPRICE, body);
        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains(named);
    }
}
