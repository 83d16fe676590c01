package dev.quotary.price;

import static dev.quotary.price.PriceFixtures.at;
import static dev.quotary.price.PriceFixtures.perMillion;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltInPricesTest {
    private static final Instant TODAY = at("2026-11-22T12:00:00Z");

    private final PriceBook book = BuiltInPrices.load();

    private PriceRow row(String provider, String model, Instant at) {
        return book.find(ModelNames.requested(provider, model), at).orElseThrow();
    }

    @Test
    void every_line_of_the_sheet_is_a_row_and_every_model_without_tokens_too() {
        // When
        var counts = book.rows().stream()
                .collect(Collectors.groupingBy(row -> row.model().provider(), Collectors.counting()));

        // Then
        assertThat(counts)
                .containsOnly(entry("openai", 81L), entry("anthropic", 29L), entry("gemini", 31L), entry("xai", 18L));
    }

    @Test
    void every_row_that_has_begun_and_not_ended_is_found_by_its_own_name() {
        for (var row : book.rows()) {
            if (row.period().contains(TODAY)) {
                assertThat(row(row.model().provider(), row.model().model(), TODAY)
                                .id())
                        .isEqualTo(row.id());
            }
        }
    }

    @Test
    void no_listed_price_is_out_of_proportion() {
        for (var row : book.rows()) {
            for (var tier : row.prices().tiers().values()) {
                assertProportions(row, tier.normal());
                tier.longContext().ifPresent(prices -> assertProportions(row, prices));
            }
            var standard = row.prices().tiers().get(ServiceTier.STANDARD);
            var priority = row.prices().tiers().get(ServiceTier.PRIORITY);
            if (standard != null && priority != null) {
                assertThat(times(priority.normal(), Component.INPUT, standard.normal()))
                        .as(row.id())
                        .isBetween(BigDecimal.ONE, BigDecimal.valueOf(3));
            }
            assertThat(row.free()).as(row.id()).isFalse();
        }
    }

    private static BigDecimal times(UnitPrices prices, Component component, UnitPrices base) {
        return prices.of(component)
                .orElseThrow()
                .divide(base.of(Component.INPUT).orElseThrow(), MathContext.DECIMAL64);
    }

    private static void assertProportions(PriceRow row, UnitPrices prices) {
        if (prices.perMillion().keySet().stream().noneMatch(Component::token)) {
            return;
        }
        assertThat(prices.of(Component.INPUT).orElseThrow()).as(row.id()).isPositive();
        prices.of(Component.CACHED_INPUT)
                .ifPresent(cached -> assertThat(cached)
                        .as(row.id())
                        .isLessThanOrEqualTo(prices.of(Component.INPUT).orElseThrow()));
        for (var write : new Component[] {Component.CACHE_WRITE_5M, Component.CACHE_WRITE_1H}) {
            if (prices.of(write).isPresent()) {
                assertThat(times(prices, write, prices)).as(row.id()).isBetween(BigDecimal.ONE, BigDecimal.valueOf(2));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-5.6-sol, 2026-08-20T23:59:59.999999999Z, openai/gpt-5.6-sol@2026-07-09, 5",
        "openai, gpt-5.6-sol, 2026-08-21T00:00:00Z,           openai/gpt-5.6-sol@2026-08-21, 4",
        "openai, gpt-5.6-luna, 2026-07-29T23:59:59Z,          openai/gpt-5.6-luna@2026-07-09, 1",
        "openai, gpt-5.6-luna, 2026-07-30T00:00:00Z,          openai/gpt-5.6-luna@2026-07-30, 0.2",
        "gemini, gemini-4-argon, 2026-11-30T23:59:59Z,        gemini/gemini-4-argon, 2",
        "gemini, gemini-4-argon, 2026-12-01T00:00:00Z,        gemini/gemini-4-argon@2026-12-01, 4",
        "gemini, gemini-3.8-flash, 2027-01-01T00:00:00Z,      gemini/gemini-3.8-flash@2027-01-01, 1.5",
        "anthropic, claude-opus-4-6, 2026-03-12T23:59:59Z,    anthropic/claude-opus-4-6@2026-02-05, 5",
        "anthropic, claude-opus-4-6, 2026-03-13T00:00:00Z,    anthropic/claude-opus-4-6@2026-03-13, 5"
    })
    void price_changes_at_midnight_utc(String provider, String model, Instant at, String id, String input) {
        // When
        var row = row(provider, model, at);

        // Then
        assertThat(row.id()).isEqualTo(id);
        assertThat(perMillion(row, Component.INPUT, ServiceTier.STANDARD)).isEqualTo(input);
    }

    @Test
    void cache_read_cut_of_sonnet_5_5_applies_from_its_day() {
        // When
        var before = row("anthropic", "claude-sonnet-5-5", at("2026-10-06T23:59:59Z"));
        var after = row("anthropic", "claude-sonnet-5-5", at("2026-10-07T00:00:00Z"));

        // Then
        assertThat(perMillion(before, Component.CACHED_INPUT, ServiceTier.STANDARD))
                .isEqualTo("0.2");
        assertThat(perMillion(after, Component.CACHED_INPUT, ServiceTier.STANDARD))
                .isEqualTo("0.1");
    }

    @Test
    void model_has_no_price_before_its_first_one() {
        assertThat(book.find(ModelNames.requested("openai", "gpt-6-sol"), at("2026-09-21T23:59:59Z")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "openai,    gpt-4-0613,                             openai/gpt-4",
        "openai,    gpt-4-32k-0314,                         openai/gpt-4-32k",
        "openai,    gpt-3.5-turbo-0125,                     openai/gpt-3.5-turbo",
        "openai,    gpt-3.5-turbo-1106,                     openai/gpt-3.5-turbo-1106",
        "openai,    gpt-4o-mini-2024-07-18,                 openai/gpt-4o-mini",
        "openai,    gpt-4o-2024-08-06,                      openai/gpt-4o",
        "openai,    gpt-4o-2024-05-13,                      openai/gpt-4o-2024-05-13",
        "openai,    gpt-4o-audio-preview,                   openai/gpt-4o-audio-preview",
        "openai,    gpt-4o-audio-preview-2024-12-17,        openai/gpt-4o-audio-preview",
        "openai,    gpt-5.5-2026-04-23,                     openai/gpt-5.5",
        "openai,    o1-preview-2024-09-12,                  openai/o1-preview",
        "openai,    gpt-4-1106-preview,                     openai/gpt-4-turbo",
        "openai,    gpt-4-turbo-2024-04-09,                 openai/gpt-4-turbo",
        "openai,    gpt-5-chat-latest,                      openai/gpt-5-chat-latest",
        "anthropic, claude-haiku-4-5-20251001,              anthropic/claude-haiku-4-5",
        "anthropic, claude-sonnet-4-5-20250929,             anthropic/claude-sonnet-4-5",
        "anthropic, claude-sonnet-4-20250514,               anthropic/claude-sonnet-4-0",
        "anthropic, claude-opus-4-20250514,                 anthropic/claude-opus-4-0",
        "anthropic, claude-opus-4-1@20250805,               anthropic/claude-opus-4-1",
        "anthropic, claude-3-7-sonnet-latest,               anthropic/claude-3-7-sonnet",
        "anthropic, claude-3-5-sonnet-20241022,             anthropic/claude-3-5-sonnet",
        "gemini,    gemini-2.0-flash-001,                   gemini/gemini-2.0-flash",
        "gemini,    gemini-1.5-pro-002,                     gemini/gemini-1.5-pro",
        "gemini,    gemini-2.5-pro-preview-05-06,           gemini/gemini-2.5-pro",
        "gemini,    gemini-2.5-flash-lite-preview-09-2025,  gemini/gemini-2.5-flash-lite",
        "gemini,    gemini-3.1-pro-preview-11-2026,         gemini/gemini-3.1-pro-preview",
        "gemini,    gemini-pro-latest,                      gemini/gemini-pro-latest",
        "gemini,    gemini-embedding-001,                   gemini/gemini-embedding-001",
        "xai,       grok-4-0709,                            xai/grok-4",
        "xai,       grok-4-latest,                          xai/grok-4",
        "xai,       grok-4-fast,                            xai/grok-4-fast-reasoning",
        "xai,       grok-2-1212,                            xai/grok-2-1212"
    })
    void snapshot_is_priced_as_its_family(String provider, String snapshot, String id) {
        assertThat(row(provider, snapshot, TODAY).id()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4o-search-preview",
                "gpt-4o-realtime",
                "gpt-4o-2024-13-01",
                "gpt-4o-2024-05-32",
                "gpt-4o-1924-05-13",
                "gpt-4-9999",
                "gpt-4-06133",
                "gpt-4-vision-preview",
                "gpt-4-2024-08-06-0613",
                "gpt-4o-latest-latest",
                "gpt-5.5-turbo",
                "gpt-4-100",
                "gpt-4x0613",
                "GPT-4",
                "gpt-4 ",
                "-0613",
                "-latest",
                ""
            })
    void anything_but_a_known_ending_has_no_price(String model) {
        assertThat(book.find(ModelNames.requested("openai", model), TODAY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gemini-2.5-flash-preview-tts",
                "gemini-2.5-flash-image-preview",
                "gemini-2.5-flash-native-audio-preview-09-2025",
                "gemini-1.5-flash-8b-001",
                "gemini-2.0-flash-exp"
            })
    void other_kinds_of_a_gemini_model_are_not_its_snapshots(String model) {
        assertThat(book.find(ModelNames.requested("gemini", model), TODAY)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // what one such call uses: a minute, a thousand tokens or a thousand characters
        "whisper-1, AUDIO_SECONDS, 60, 0.006",
        "tts-1, CHARACTERS, 1000, 0.015",
        "tts-1-hd, CHARACTERS, 1000, 0.03",
        "gpt-4o-mini-tts, OUTPUT_AUDIO, 1000, 0.012",
        "gpt-4o-mini-tts, INPUT, 1000, 0.0006",
        "gpt-4o-transcribe, INPUT_AUDIO, 1000, 0.006",
        "gpt-4o-mini-transcribe, INPUT_AUDIO, 1000, 0.003",
        "gpt-audio, INPUT_AUDIO, 1000, 0.032",
        "gpt-audio, OUTPUT_AUDIO, 1000, 0.064",
        "gpt-audio-mini, OUTPUT_AUDIO, 1000, 0.02"
    })
    void every_kind_of_audio_has_a_price(String model, Component component, long units, String cost) {
        // Given
        var row = book.find(ModelNames.requested("openai", model), TODAY).orElseThrow();
        // When
        var total = row.cost(TokenUsage.NONE.with(component, units), ServiceTier.STANDARD);
        // Then
        assertThat(total.orElseThrow().toString()).isEqualTo(cost);
    }

    @Test
    void a_model_is_priced_at_its_own_provider_only() {
        assertThat(book.find(ModelNames.requested("azure", "gpt-4"), TODAY)).isEmpty();
    }

    @Test
    void batch_and_flex_factors_hold_for_long_prompts_too() {
        // Given
        var row = row("openai", "gpt-6-sol", TODAY);
        var usage = TokenUsage.builder()
                .set(Component.INPUT, 272_001)
                .set(Component.OUTPUT, 1)
                .build();

        // When
        var batch = PriceFixtures.receipt(row, usage, ServiceTier.BATCH);
        var flex = PriceFixtures.receipt(row, usage, ServiceTier.FLEX);

        // Then: 4 and 15 dollars times a half
        assertThat(batch.lines().getFirst().unitPrice()).isEqualTo("0.000002");
        assertThat(batch.lines().getLast().unitPrice()).isEqualTo("0.0000075");
        assertThat(flex.lines()).isEqualTo(batch.lines());
        assertThat(batch.longContext()).isTrue();
    }

    @Test
    void priority_cache_write_keeps_the_ratio_of_write_to_input() {
        assertThat(perMillion(row("openai", "gpt-6-sol", TODAY), Component.CACHE_WRITE_5M, ServiceTier.PRIORITY))
                .isEqualTo("5");
    }

    @Test
    void prompt_is_long_above_the_threshold_and_not_at_it() {
        // Given
        var row = row("openai", "gpt-6-sol", TODAY);

        // When
        var at = PriceFixtures.receipt(
                row,
                TokenUsage.builder()
                        .set(Component.INPUT, 100_000)
                        .set(Component.CACHED_INPUT, 172_000)
                        .set(Component.OUTPUT, 1)
                        .build(),
                ServiceTier.STANDARD);
        var above = PriceFixtures.receipt(
                row,
                TokenUsage.builder()
                        .set(Component.INPUT, 100_000)
                        .set(Component.CACHED_INPUT, 172_001)
                        .set(Component.OUTPUT, 1)
                        .build(),
                ServiceTier.STANDARD);

        // Then
        assertThat(at.longContext()).isFalse();
        assertThat(at.total()).hasToString("0.23441");
        assertThat(above.longContext()).isTrue();
        assertThat(above.total()).hasToString("0.4688154");
    }

    @Test
    void haiku_5_5_is_five_times_dearer_from_the_100001st_token() {
        // Given
        var row = row("anthropic", "claude-haiku-5-5", TODAY);

        // When
        var at = row.cost(
                TokenUsage.builder().set(Component.CACHE_WRITE_5M, 100_000).build(), ServiceTier.STANDARD);
        var above = row.cost(
                TokenUsage.builder()
                        .set(Component.INPUT, 1)
                        .set(Component.CACHE_WRITE_5M, 100_000)
                        .build(),
                ServiceTier.STANDARD);

        // Then
        assertThat(at.orElseThrow()).hasToString("0.0125");
        assertThat(above.orElseThrow()).hasToString("0.0625005");
    }

    @Test
    void twelve_hour_write_without_a_price_costs_as_much_as_the_dearer_of_write_and_input() {
        assertThat(perMillion(row("openai", "gpt-6-sol", TODAY), Component.CACHE_WRITE_1H, ServiceTier.STANDARD))
                .isEqualTo("2.5");
    }

    @Test
    void audio_is_not_priced_as_text() {
        // Given
        var row = row("openai", "gpt-4o", TODAY);

        // When
        var pricing = row.price(
                TokenUsage.builder()
                        .set(Component.INPUT, 10)
                        .set(Component.INPUT_AUDIO, 5)
                        .set(Component.OUTPUT, 10)
                        .set(Component.OUTPUT_AUDIO, 7)
                        .build(),
                ServiceTier.STANDARD);

        // Then
        assertThat(pricing).isEqualTo(new Pricing.Unpriced(Set.of(Component.INPUT_AUDIO, Component.OUTPUT_AUDIO)));
    }

    @ParameterizedTest
    @CsvSource({
        "openai,    gpt-5.5,                web_searches,   10000",
        "openai,    gpt-4-0613,             file_searches,  2500",
        "openai,    whisper-1,              audio_seconds,  100",
        "openai,    gpt-audio,              output_audio,   64",
        "openai,    gpt-image-1,            output_image,   40",
        "anthropic, claude-sonnet-4-5,      web_searches,   10000",
        "gemini,    gemini-3.5-flash,       search_queries, 14000",
        "gemini,    gemini-2.5-flash,       web_searches,   35000",
        "gemini,    gemini-2.5-flash-image, output_image,   30"
    })
    void fee_has_the_price_of_its_provider(String provider, String model, String component, String perMillion) {
        // When
        var shown = perMillion(
                row(provider, model, TODAY), Component.ofKey(component).orElseThrow(), ServiceTier.STANDARD);

        // Then
        assertThat(shown).isEqualTo(perMillion);
    }

    @Test
    void searches_of_gemini_are_billed_by_the_query_or_by_the_prompt_and_never_both() {
        // Given: a prompt that was grounded with three queries
        var usage = TokenUsage.NONE.with(Component.WEB_SEARCHES, 1).with(Component.SEARCH_QUERIES, 3);

        // When
        var three = row("gemini", "gemini-3-pro-preview", TODAY).cost(usage, ServiceTier.STANDARD);
        var two = row("gemini", "gemini-2.5-pro", TODAY).cost(usage, ServiceTier.STANDARD);

        // Then
        assertThat(three.orElseThrow()).hasToString("0.042");
        assertThat(two.orElseThrow()).hasToString("0.035");
    }

    @Test
    void fees_cost_the_same_at_every_tier() {
        // Given
        var row = row("openai", "gpt-6-sol", TODAY);
        var usage = TokenUsage.of(1000, 0).with(Component.WEB_SEARCHES, 1);

        // When
        var standard = row.cost(usage, ServiceTier.STANDARD).orElseThrow();
        var batch = row.cost(usage, ServiceTier.BATCH).orElseThrow();

        // Then
        assertThat(standard).hasToString("0.012");
        assertThat(batch).hasToString("0.011");
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-4-7, FAST,      0.03",
        "claude-opus-5-5, FAST,      0.008",
        "claude-opus-5,   REGION_US, 0.0055"
    })
    void modifier_multiplies_the_prices_of_its_models(String model, Modifier modifier, String cost) {
        // When
        var pricing =
                row("anthropic", model, TODAY).price(TokenUsage.of(1000, 0), ServiceTier.STANDARD, Set.of(modifier));

        // Then
        assertThat(pricing).isInstanceOfSatisfying(Pricing.Priced.class, priced -> {
            assertThat(priced.receipt().total()).hasToString(cost);
            assertThat(priced.receipt().modifiers()).containsOnlyKeys(modifier);
        });
    }

    @Test
    void modifier_without_a_factor_has_no_price() {
        // Given
        var row = row("anthropic", "claude-opus-4-5", TODAY);

        // When
        var pricing = row.price(TokenUsage.of(1, 1), ServiceTier.STANDARD, Set.of(Modifier.FAST));

        // Then
        assertThat(pricing).isEqualTo(new Pricing.Unpriced(Set.of(), Set.of(Modifier.FAST)));
        assertThat(row.cost(TokenUsage.of(1, 1), ServiceTier.STANDARD, Set.of(Modifier.FAST)))
                .isEmpty();
    }
}
