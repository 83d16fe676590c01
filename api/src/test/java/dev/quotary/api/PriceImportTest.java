package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Public price files, built by hand from their described forms, with the errors that were found in them. */
class PriceImportTest extends ServerTest {
    private static final String IMPORT = "/api/v1/prices/import?format=";

    /** What the book says of gpt-6-sol, as litellm would write it. */
    private static final String SAME = """
            "gpt-6-sol": { "litellm_provider": "openai", "mode": "chat",
              "input_cost_per_token": 2e-06, "output_cost_per_token": 1e-05,
              "cache_read_input_token_cost": 2e-07, "cache_creation_input_token_cost": 2.5e-06,
              "input_cost_per_token_above_272k_tokens": 4e-06, "output_cost_per_token_above_272k_tokens": 1.5e-05,
              "cache_read_input_token_cost_above_272k_tokens": 4e-07,
              "cache_creation_input_token_cost_above_272k_tokens": 5e-06 }""";

    private static String litellm(String entries) {
        return "{ \"sample_spec\": { \"litellm_provider\": \"openai\", \"input_cost_per_token\": 1 },"
                + " \"fallback_generalizations\": [], \"azure/eu/gpt-4\": { \"litellm_provider\": \"azure\" }, "
                + entries
                + " }";
    }

    private ApiClient.Answer imported(String form, String file, String query) {
        return admin.post(IMPORT + form + query, file);
    }

    private String priced(String provider, String model, String path) {
        return admin.get("/api/v1/prices/model?provider=" + provider + "&model=" + model)
                .at(path);
    }

    private static String doubts(ApiClient.Answer answer) {
        return answer.json().fields().items("prices").getFirst().fields().items("doubts").stream()
                .map(doubt -> doubt.string())
                .collect(Collectors.joining("; "));
    }

    @Test
    void price_that_the_book_has_is_not_declared_again() {
        // When
        var answer = imported("litellm", litellm(SAME), "");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("prices/0/changes")).isEqualTo("[]");
        assertThat(answer.at("unchanged")).isEqualTo("1");
        assertThat(priced("openai", "gpt-6-sol", "row")).startsWith("openai/gpt-6-sol");
    }

    @Test
    void changed_price_is_shown_first_and_then_declared_from_its_day_with_its_source() {
        // Given
        var file = litellm(SAME.replace("\"output_cost_per_token\": 1e-05", "\"output_cost_per_token\": 1.2e-05"));
        // When
        var dry = imported("litellm", file, "&dry_run=true&from=2026-11-22");
        var rowBefore = priced("openai", "gpt-6-sol", "row");
        var real = imported("litellm", file, "&from=2026-11-22&accept=openai/gpt-6-sol&source=litellm%20of%20today");
        // Then
        assertThat(dry.at("prices/0/changes/0/what")).isEqualTo("standard output");
        assertThat(dry.at("prices/0/changes/0/before")).isEqualTo("10");
        assertThat(dry.at("prices/0/changes/0/after")).isEqualTo("12");
        assertThat(rowBefore).startsWith("openai/gpt-6-sol");
        assertThat(real.at("changed")).isEqualTo("1");
        assertThat(priced("openai", "gpt-6-sol", "row")).startsWith("own:openai/gpt-6-sol@2026-11-22#");
        assertThat(priced("openai", "gpt-6-sol", "sources")).isEqualTo("litellm of today");
        assertThat(priced("openai", "gpt-6-sol", "tiers/standard/normal/output"))
                .isEqualTo("12");
        assertThat(priced("openai", "gpt-6-sol", "long_context_over")).isEqualTo("272000");
        assertThat(admin.get("/api/v1/prices/model?provider=openai&model=gpt-6-sol&at=2026-11-21")
                        .at("row"))
                .startsWith("openai/gpt-6-sol");
        assertThat(imported("litellm", file, "&from=2026-11-22").at("unchanged"))
                .isEqualTo("1");
    }

    @Test
    void new_model_has_every_class_of_the_file() {
        // Given
        var file = litellm("""
                "xai/grok-9": { "litellm_provider": "xai", "mode": "chat",
                  "input_cost_per_token": 7.5e-08, "output_cost_per_token": 3e-07, "output_cost_per_reasoning_token": 3e-07,
                  "input_cost_per_audio_token": 1e-06, "output_cost_per_image_token": 0.00003,
                  "input_cost_per_token_batches": 3.75e-08, "output_cost_per_token_batches": 1.5e-07,
                  "input_cost_per_token_priority": 1.5e-07, "output_cost_per_token_priority": 6e-07,
                  "search_context_cost_per_query": { "search_context_size_low": 0.01, "search_context_size_medium": 0.01,
                    "search_context_size_high": 0.01 },
                  "provider_specific_entry": { "us": 1.1, "fast": 6.0 }, "input_cost_per_pixel": 1e-09 }""");
        // When
        var answer = imported("litellm", file, "");
        // Then
        assertThat(doubts(answer)).isEmpty();
        assertThat(answer.at("created")).isEqualTo("1");
        assertThat(answer.at("prices/0/remarks")).contains("input_cost_per_pixel is not imported");
        assertThat(priced("xai", "grok-9", "tiers/standard/normal"))
                .isEqualTo("{\"input\":\"0.075\",\"input_audio\":\"1\",\"output\":\"0.3\",\"output_image\":\"30\","
                        + "\"web_searches\":\"10000\"}");
        assertThat(priced("xai", "grok-9", "tiers/batch/normal/input")).isEqualTo("0.0375");
        assertThat(priced("xai", "grok-9", "tiers/priority/normal/output")).isEqualTo("0.6");
        assertThat(priced("xai", "grok-9", "modifiers")).isEqualTo("{\"fast\":\"6\",\"region_us\":\"1.1\"}");
    }

    /** Each of them was found in the file by comparing three sources. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "gpt-5-nano        | openai    | 'input_cost_per_token': 5e-08, 'output_cost_per_token': 4e-07, 'input_cost_per_token_priority': 2.5e-06, 'output_cost_per_token_priority': 2e-05 | priority input is not 1 to 3 times standard",
                "claude-3-opus     | anthropic | 'input_cost_per_token': 1.5e-05, 'output_cost_per_token': 7.5e-05, 'cache_creation_input_token_cost_above_1hr': 6e-06 | cache_write_1h is not 1 to 2 times input",
                "claude-3-haiku    | anthropic | 'input_cost_per_token': 2.5e-07, 'output_cost_per_token': 1.25e-06, 'cache_creation_input_token_cost_above_1hr': 6e-06 | cache_write_1h is not 1 to 2 times input",
                "gemini-1.5-flash  | gemini    | 'input_cost_per_token': 7.5e-08, 'output_cost_per_token': 0 | standard output is 0",
                "gpt-5.5-pro       | openai    | 'input_cost_per_token': 3e-05, 'output_cost_per_token': 0.00018, 'cache_read_input_token_cost': 3e-06 | standard cached_input has no price in the book",
                "gpt-image-2       | openai    | 'input_cost_per_token': 5e-06, 'cache_read_input_token_cost': 1.25e-06, 'output_cost_per_token': 1e-05 | standard output changes by 3 times or more",
                "gpt-4o            | openai    | 'input_cost_per_token': 2.5e-06, 'cache_read_input_token_cost': 3e-06, 'output_cost_per_token': 1e-05 | cached_input is dearer than input",
                "gpt-4o            | openai    | 'input_cost_per_token': 2.4999999999999998e-06, 'cache_read_input_token_cost': 1.25e-06, 'output_cost_per_token': 1e-05 | looks rounded in binary",
                "grok-next         | xai       | 'input_cost_per_token': 0, 'output_cost_per_token': 0 | standard input is 0",
                "grok-next         | xai       | 'input_cost_per_token': 1e-06, 'output_cost_per_token': 2e-06, 'input_cost_per_token_batches': 2e-06, 'output_cost_per_token_batches': 2e-06 | batch input is dearer than standard"
            })
    void doubtful_price_is_held_back_until_it_is_accepted_by_name(
            String model, String provider, String fields, String doubt) {
        // Given
        var file = litellm(
                "\"" + model + "\": { \"litellm_provider\": \"" + provider + "\", " + fields.replace('\'', '"') + " }");
        // When
        var held = imported("litellm", file, "");
        var other = imported("litellm", file, "&accept=openai/another");
        var accepted = imported("litellm", file, "&accept=" + provider + "/" + model);
        // Then
        assertThat(doubts(held)).contains(doubt);
        assertThat(held.at("held_back")).isEqualTo("1");
        assertThat(other.at("held_back")).isEqualTo("1");
        assertThat(accepted.at("held_back")).isEqualTo("0");
        assertThat(priced(provider, model, "row")).startsWith("own:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "gemini/gemini-flash-latest | gemini | 'input_cost_per_token': 3e-07, 'output_cost_per_token': 2.5e-06 | alias",
                "gpt-x | openai | 'input_cost_per_token': 3e-07 | lack input or output",
                "gpt-x | openai | 'input_cost_per_token': '3e-07x', 'output_cost_per_token': 1 | is no price",
                "gpt-x | openai | 'input_cost_per_token': 1e-06, 'output_cost_per_token': 2e-06, 'output_cost_per_reasoning_token': 3e-06 | reasoning has a price of its own",
                "gpt-x | openai | 'tiered_pricing': [] | tiered_pricing",
                "gpt-x | openai | 'input_cost_per_token': 1e-06, 'output_cost_per_token': 2e-06, 'input_cost_per_token_above_128k_tokens': 2e-06, 'input_cost_per_token_above_256k_tokens': 3e-06 | more than one threshold",
                "gpt-x | openai | 'input_cost_per_token': 1e-06, 'output_cost_per_token': 2e-06, 'input_cost_per_token_above_128k_tokens': 2e-06 | lack input or output",
                "gpt-x | openai | 'mode': 'image_generation', 'output_cost_per_image': 0.04 | no price that can be imported"
            })
    void what_cannot_be_said_in_a_row_is_left_out_and_told(
            String model, String provider, String fields, String reason) {
        // Given
        var file = litellm(
                "\"" + model + "\": { \"litellm_provider\": \"" + provider + "\", " + fields.replace('\'', '"') + " }");
        // When
        var answer = imported("litellm", file, "&accept=" + provider + "/" + model);
        // Then
        assertThat(answer.at("left_out")).isEqualTo("1");
        assertThat(answer.at("prices/0/remarks")).contains(reason);
    }

    private static String genai(String prices) {
        return """
                [ { "id": "x-ai", "models": [ { "id": "grok-9", "match": { "or": [ { "equals": "grok-9" },
                    { "equals": "grok-9-fast" }, { "starts_with": "grok-9-" } ] }, "prices": %s } ] },
                  { "id": "mistral", "models": [ { "id": "m", "prices": { "input_mtok": 1 } } ] } ]""".formatted(prices);
    }

    @Test
    void dated_prices_of_genai_prices_become_dated_rows() {
        // Given
        var file = genai("""
                [ { "prices": { "input_mtok": 3, "cache_read_mtok": 0.75, "output_mtok": 15, "web_searches_kcount": 5 } },
                  { "constraint": { "start_date": "2026-06-01" },
                    "prices": { "input_mtok": { "base": 2, "tiers": [ { "start": 200000, "price": 4 } ] },
                      "output_mtok": { "base": 10, "tiers": [ { "start": 200000, "price": 20 } ] }, "cache_read_mtok": 0.5 } } ]""");
        // When
        var answer = imported("genai-prices", file, "");
        // Then
        assertThat(answer.at("created")).isEqualTo("4");
        assertThat(priced("xai", "grok-9", "tiers/standard/normal/input")).isEqualTo("2");
        assertThat(priced("xai", "grok-9-fast", "tiers/standard/long_context"))
                .isEqualTo("{\"cached_input\":\"0.5\",\"input\":\"4\",\"output\":\"20\"}");
        assertThat(priced("xai", "grok-9", "long_context_over")).isEqualTo("200000");
        var may = admin.get("/api/v1/prices/model?provider=xai&model=grok-9&at=2026-05-31T23:59:59Z");
        assertThat(may.at("tiers/standard/normal/input")).isEqualTo("3");
        assertThat(may.at("tiers/standard/normal/web_searches")).isEqualTo("5000");
        assertThat(admin.get("/api/v1/prices/model?provider=xai&model=grok-9-other")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void tiers_that_genai_prices_does_not_know_stay_where_the_price_is_the_same() {
        // Given: what the book says, but for a cheaper cache
        var file = "[ { \"id\": \"anthropic\", \"models\": [ { \"id\": \"claude-opus-5\", \"prices\": "
                + "{ \"input_mtok\": 5, \"output_mtok\": 25, \"cache_read_mtok\": 0.4, \"cache_write_mtok\": 6.25, "
                + "\"cache_write_1h_mtok\": 10 } } ] } ]";
        // When
        var answer = imported("genai-prices", file, "");
        // Then
        assertThat(answer.at("prices/0/changes"))
                .isEqualTo("[{\"what\":\"standard cached_input\",\"before\":\"0.5\",\"after\":\"0.4\"}]");
        assertThat(answer.at("changed")).isEqualTo("1");
        assertThat(priced("anthropic", "claude-opus-5", "tiers/batch/normal/input"))
                .isEqualTo("2.5");
        assertThat(priced("anthropic", "claude-opus-5", "modifiers/fast")).isEqualTo("2");
    }

    @Test
    void prices_by_the_hour_of_the_day_are_left_out() {
        // When
        var answer = imported(
                "genai-prices",
                genai(
                        "[ { \"constraint\": { \"start_time\": \"00:30\" }, \"prices\": { \"input_mtok\": 1, \"output_mtok\": 2 } } ]"),
                "");
        // Then
        assertThat(answer.at("left_out")).isEqualTo("2");
        assertThat(answer.at("prices/0/remarks")).contains("depend on more than a date");
    }

    @Test
    void file_of_another_form_is_refused_with_its_place() {
        assertThat(imported("genai-prices", "{}", "").status()).isEqualTo(400);
        assertThat(imported("genai-prices", "[{}]", "").body()).contains("expected the member 'id'");
        assertThat(imported("litellm", "[]", "").status()).isEqualTo(400);
        assertThat(imported("other", "{}", "").body()).contains("expected litellm or genai-prices");
        assertThat(imported("litellm", "{}", "&from=soon").body()).contains("'from'");
        assertThat(app.post(IMPORT + "litellm", "{}").status()).isEqualTo(403);
    }

    @Test
    void list_shows_own_rows_first_and_one_provider_if_asked() {
        // Given
        imported("litellm", litellm(SAME.replace("1e-05", "1.1e-05").replace("gpt-6-sol", "gpt-z")), "");
        // When
        var all = admin.get("/api/v1/prices");
        var xai = admin.get("/api/v1/prices?provider=xai");
        // Then
        assertThat(all.at("prices/0/row")).startsWith("own:");
        assertThat(xai.json().fields().items("prices")).hasSize(18);
        assertThat(xai.at("prices/0/provider")).isEqualTo("xai");
    }
}
