package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.Role;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prices of an operator and of an organization as they are declared, stored, charged and shown. */
class OwnPricesTest extends ServerTest {
    private static final String DECLARED = """
            plans:
              - key: budget
                limits: [ { key: money, meter: cost, per: subject, window: day, max: "5.00" } ]
            prices:
              - { provider: mine, model: chat, input: "10", output: "20", note: list, sources: contract }
              - { provider: mine, model: ears, fees: { audio_seconds: { price: "0.006", per: 60 } } }
              - provider: mine
                model: big
                from: 2026-01-01
                until: 2027-01-01
                input: "1"
                output: "2"
                long_context: { over: 100, input: "3", output: "4" }
                tiers: { batch: { input: "0.5", output: "1", long_context: { input: "1.5", output: "2" } } }
                modifiers: { fast: "6" }
            price_adjustments:
              - { provider: mine, model: "never*", discount: "10" }
            organizations:
              - { key: plain, plan: budget }
              - key: shop
                plan: budget
                unpriced_models: block
                prices: [ { provider: mine, model: own, input: "1", output: "1" } ]
                price_adjustments: [ { markup: "20" } ]
              - { key: open, unpriced_models: allow }
            """;

    @BeforeEach
    void declare() {
        assertThat(admin.post(APPLY, DECLARED).status()).isEqualTo(200);
    }

    private ApiClient of(String organization) {
        return server.as(server.key(Role.SERVICE, organization, null));
    }

    private static String use(String model) {
        return "{\"subject\":\"u\",\"provider\":\"mine\",\"model\":\"" + model
                + "\",\"quantities\":{\"tokens.input\":1000,\"tokens.output\":0}}";
    }

    private static ApiClient.Answer event(ApiClient client, String model) {
        var id = client.post(RECORDS, use(model)).at("events/0/id");
        return client.get("/api/v1/usage/events/" + id);
    }

    @Test
    void organization_with_a_markup_is_charged_more_than_the_operator_pays() {
        // When
        var plain = event(of("plain"), "chat");
        var shop = event(of("shop"), "chat");
        // Then
        assertThat(plain.at("cost")).isEqualTo("0.01");
        assertThat(plain.at("provider_cost")).isEqualTo("0.01");
        assertThat(plain.at("receipt/price/adjustment")).isEqualTo("1");
        assertThat(shop.at("cost")).isEqualTo("0.012");
        assertThat(shop.at("provider_cost")).isEqualTo("0.01");
        assertThat(shop.at("receipt/price/adjustment")).isEqualTo("1.2");
        assertThat(shop.at("receipt/total")).isEqualTo("0.012");
        assertThat(shop.at("cost_basis")).isEqualTo("book");
        assertThat(of("shop").get(STATUS + "?subject=u").at("limits/0/used")).isEqualTo("0.012");
    }

    @Test
    void price_of_its_own_is_not_marked_up_and_nobody_else_has_it() {
        // When
        var own = event(of("shop"), "own");
        // Then
        assertThat(own.at("cost")).isEqualTo("0.001");
        assertThat(own.at("receipt/price/row")).startsWith("shop:mine/own#");
        assertThat(of("plain").post(CHECK, use("own")).at("code")).isEqualTo("MODEL_NOT_PRICED");
    }

    @Test
    void long_prompt_costs_the_declared_long_price() {
        assertThat(event(of("plain"), "big").at("cost")).isEqualTo("0.003");
        assertThat(event(of("plain"), "big").at("receipt/price/long_context")).isEqualTo("true");
    }

    @Test
    void estimate_goes_by_the_prices_of_the_organization() {
        // When
        var shop = of("shop")
                .post(
                        "/api/v1/usage/estimate",
                        "{\"provider\":\"mine\",\"model\":\"chat\",\"quantities\":{\"tokens.input\":1000,\"tokens.output\":0}}");
        // Then
        assertThat(shop.at("cost")).isEqualTo("0.012");
        assertThat(shop.at("upper_bound/cost")).isEqualTo("0.012");
    }

    @Test
    void unknown_model_is_refused_or_recorded_as_having_no_price() {
        // When
        var blocked = of("shop").post(RESERVATIONS, use("nobody-knows"));
        var allowed = event(of("open"), "nobody-knows");
        // Then
        assertThat(blocked.status()).isEqualTo(422);
        assertThat(blocked.at("code")).isEqualTo("MODEL_NOT_PRICED");
        assertThat(allowed.at("cost")).isEqualTo("0");
        assertThat(allowed.at("cost_basis")).isEqualTo("unpriced");
    }

    @Test
    void unknown_model_costs_the_dear_price_that_is_declared_for_it() {
        // Given
        admin.post(APPLY, "unknown_models: { input: \"1000\", output: \"2000\" }");
        // When
        var event = event(of("plain"), "nobody-knows");
        // Then
        assertThat(event.at("cost")).isEqualTo("1");
        assertThat(event.at("receipt/price/row")).startsWith("own:unknown_models#");
        assertThat(event(of("shop"), "nobody-knows").at("cost")).isEqualTo("1.2");
    }

    @Test
    void prices_are_there_after_a_restart_and_the_same_file_changes_nothing() {
        // Given
        var before = event(of("shop"), "chat").at("receipt/price/row");
        server.close();
        // When
        server = ApiServer.in(directory);
        admin = server.admin();
        // Then
        assertThat(admin.post(APPLY, DECLARED).at("changed")).isEqualTo("0");
        assertThat(admin.post(APPLY, DECLARED).at("created")).isEqualTo("0");
        var after = event(of("shop"), "chat");
        assertThat(after.at("cost")).isEqualTo("0.012");
        assertThat(after.at("receipt/price/row")).isEqualTo(before);
    }

    @Test
    void dry_run_shows_what_becomes_of_an_adjustment() {
        // When
        var dry = admin.post(
                APPLY + "?dry_run=true",
                "price_adjustments: [ { provider: mine, model: \"never*\", discount: \"15\" } ]");
        // Then
        assertThat(dry.at("changed")).isEqualTo("1");
        assertThat(dry.at("changes/0/kind")).isEqualTo("price_adjustment");
        assertThat(dry.at("changes/0/before/discount")).isEqualTo("10");
        assertThat(dry.at("changes/0/after/discount")).isEqualTo("15");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prices: [ { provider: p, model: m, input: \"1\" } ]                                          | output",
                "prices: [ { provider: p, model: m, input: \"-1\", output: \"1\" } ]                          | 0 or more",
                "prices: [ { provider: p, model: m, input: \"1\", output: \"1\", tiers: { slow: {} } } ]      | batch, flex or priority",
                "prices: [ { provider: p, model: m, fees: { teas: { price: \"1\" } } } ]                      | one of the fees",
                "prices: [ { provider: p, model: m, fees: { images: { price: \"1\", per: 3 } } } ]            | comes out even",
                "prices: [ { provider: p, model: m, input: \"1\", output: \"1\", modifiers: { fast: \"0\" } } ] | factor",
                "prices: [ { provider: p, model: m, input: \"1\", output: \"1\", from: soon } ]               | from",
                "price_adjustments: [ { discount: \"1\", markup: \"1\" } ]                                    | either",
                "price_adjustments: [ { } ]                                                                   | either",
                "price_adjustments: [ { discount: \"101\" } ]                                                 | percentage",
                "price_adjustments: [ { markup: \"ten\" } ]                                                   | markup",
                "unknown_models: { input: \"1\" }                                                             | output"
            })
    void mistake_is_named_and_nothing_is_applied(String file, String named) {
        // When
        var answer = admin.post(APPLY, file);
        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains(named);
    }

    @Test
    void adjustment_of_the_operators_prices_is_made_changed_and_deleted_by_itself() {
        // Given
        var adjustments = "/api/v1/prices/adjustments";
        var plain = of("plain");
        // When
        var made = admin.post(adjustments, "{\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"discount\":\"10\"}");
        var discounted = costOfBook(plain);
        var changed = admin.with("If-Match", made.header("etag"))
                .send("PATCH", adjustments + "/openai%2Fgpt-4o-mini", "{\"discount\":\"20\"}");
        var more = costOfBook(plain);
        var listed = admin.get(adjustments);
        var deleted = admin.with("If-Match", "*").send("DELETE", adjustments + "/openai%2Fgpt-4o-mini", "");
        // Then
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.at("id")).isEqualTo("openai/gpt-4o-mini");
        assertThat(made.at("managed_by")).isEqualTo("api");
        assertThat(discounted).isEqualTo("0.000135");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(more).isEqualTo("0.00012");
        assertThat(listed.at("price_adjustments/1/id")).isEqualTo("openai/gpt-4o-mini");
        assertThat(listed.at("price_adjustments/0/managed_by")).isEqualTo("apply");
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(costOfBook(plain)).isEqualTo("0.00015");
    }

    /** Of a price that the operator has not declared himself, which would stay as it is. */
    private static String costOfBook(ApiClient client) {
        return client.post(RECORDS, use("gpt-4o-mini").replace("\"provider\":\"mine\"", "\"provider\":\"openai\""))
                .at("events/0/cost");
    }

    @Test
    void price_of_unknown_models_is_set_and_taken_away_by_itself() {
        // Given
        var unknown = "/api/v1/prices/unknown-models";
        // When
        var made = admin.send("PUT", unknown + "/price", "{\"input\":\"100\",\"output\":\"500\"}");
        var dear = event(of("open"), "nobody-knows").at("cost");
        var second = admin.post(unknown, "{\"input\":\"1\",\"output\":\"1\"}");
        var deleted = admin.with("If-Match", "*").send("DELETE", unknown + "/price", "");
        // Then
        assertThat(made.status()).isEqualTo(201);
        assertThat(dear).isEqualTo("0.1");
        assertThat(second.status()).isEqualTo(409);
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(admin.get(unknown).at("unknown_models")).isEqualTo("[]");
        assertThat(event(of("open"), "nobody-knows").at("cost")).isEqualTo("0");
    }
}
