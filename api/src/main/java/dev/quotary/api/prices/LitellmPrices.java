package dev.quotary.api.prices;

import dev.quotary.api.prices.PriceDraft.Part;
import dev.quotary.http.Value;
import dev.quotary.price.Component;
import dev.quotary.price.Modifier;
import dev.quotary.price.ServiceTier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads litellm's price file: an object of flat objects by model, with dollars per unit in fields whose names are put together, such as
 * {@code input_cost_per_token_above_200k_tokens_priority}.
 */
final class LitellmPrices {
    private static final Set<String> NO_MODELS = Set.of("sample_spec", "fallback_generalizations");
    private static final Set<String> WRITING_NOTHING = Set.of("embedding", "rerank", "moderation", "search", "ocr");

    /** What the price is of; behind it the threshold and the tier, if any. */
    private static final Map<String, Component> BASES = bases();

    private static final Pattern FIELD = Pattern.compile(
            "(?<base>.+?)" + "(?:_above_(?<over>[0-9]{1,6})k_tokens)?" + "(?:_(?<tier>batches|flex|priority))?");
    private static final int THOUSAND = 1000;

    private LitellmPrices() {}

    private static Map<String, Component> bases() {
        var bases = new LinkedHashMap<String, Component>();
        bases.put("input_cost_per_token", Component.INPUT);
        bases.put("output_cost_per_token", Component.OUTPUT);
        bases.put("cache_read_input_token_cost", Component.CACHED_INPUT);
        bases.put("input_cost_per_token_cache_hit", Component.CACHED_INPUT);
        bases.put("cache_creation_input_token_cost", Component.CACHE_WRITE_5M);
        bases.put("cache_creation_input_token_cost_above_1hr", Component.CACHE_WRITE_1H);
        bases.put("input_cost_per_audio_token", Component.INPUT_AUDIO);
        bases.put("output_cost_per_audio_token", Component.OUTPUT_AUDIO);
        bases.put("input_cost_per_image_token", Component.INPUT_IMAGE);
        bases.put("output_cost_per_image_token", Component.OUTPUT_IMAGE);
        bases.put("input_cost_per_request", Component.REQUESTS);
        bases.put("input_cost_per_character", Component.CHARACTERS);
        return bases;
    }

    static List<PriceDraft> read(Value file, String from) {
        var drafts = new ArrayList<PriceDraft>();
        for (var entry : file.entries().entrySet()) {
            if (NO_MODELS.contains(entry.getKey()) || !entry.getValue().isObject()) {
                continue;
            }
            var fields = entry.getValue().entries();
            var provider = PriceFile.PROVIDERS.get(text(fields, "litellm_provider"));
            if (provider != null) {
                var draft = new PriceDraft(provider, model(entry.getKey()), from);
                fill(draft, fields);
                drafts.add(draft);
            }
        }
        return drafts;
    }

    /** Routes such as {@code gemini/gemini-3.5-flash} name the provider first. */
    private static String model(String route) {
        return route.substring(route.lastIndexOf('/') + 1);
    }

    private static String text(Map<String, Value> fields, String name) {
        var value = fields.get(name);
        return value == null || !value.isText() ? "" : value.string();
    }

    private static void fill(PriceDraft draft, Map<String, Value> fields) {
        if (WRITING_NOTHING.contains(text(fields, "mode"))) {
            draft.writesNothing();
        }
        if (draft.model().endsWith("-latest")) {
            draft.leaveOut("it is an alias, which may stand for another model by now");
        }
        for (var field : fields.entrySet()) {
            var name = field.getKey();
            if (name.equals("provider_specific_entry")) {
                modifiers(draft, field.getValue());
            } else if (name.startsWith("regional_processing_uplift_multiplier_")) {
                region(draft, name.substring(name.lastIndexOf('_') + 1), field.getValue());
            } else if (name.equals("search_context_cost_per_query")) {
                searches(draft, field.getValue());
            } else if (name.equals("output_cost_per_reasoning_token")) {
                reasoning(draft, field.getValue(), fields.get("output_cost_per_token"));
            } else if (name.equals("tiered_pricing")) {
                draft.leaveOut("it has tiered_pricing, which is no single threshold");
            } else if (name.contains("_cost")) {
                price(draft, name, field.getValue());
            }
        }
        seconds(draft, fields);
    }

    private static void price(PriceDraft draft, String name, Value value) {
        // The cache write of an hour has "above" in its own name.
        var exact = BASES.get(name);
        var parsed = FIELD.matcher(name);
        var component = exact != null ? exact : parsed.matches() ? base(parsed.group("base")) : null;
        if (component == null) {
            if (!name.endsWith("_per_second")) {
                draft.remark(name + " is not imported");
            }
            return;
        }
        var number = PriceFile.number(value);
        if (number.isEmpty()) {
            draft.leaveOut(name + " is no price");
            return;
        }
        var over = exact != null ? null : parsed.group("over");
        if (over != null) {
            draft.longOver(Math.multiplyExact(Long.parseLong(over), (long) THOUSAND));
        }
        var tier = exact != null ? ServiceTier.STANDARD : tier(parsed.group("tier"));
        draft.put(new Part(tier, over != null), component, PriceFile.perMillion(number.get()));
    }

    private static @Nullable Component base(String name) {
        return name.equals("cache_creation_input_token_cost_above_1hr") ? Component.CACHE_WRITE_1H : BASES.get(name);
    }

    private static ServiceTier tier(@Nullable String word) {
        return switch (word) {
            case "batches" -> ServiceTier.BATCH;
            case "flex" -> ServiceTier.FLEX;
            case "priority" -> ServiceTier.PRIORITY;
            case null, default -> ServiceTier.STANDARD;
        };
    }

    private static void modifiers(PriceDraft draft, Value value) {
        if (!value.isObject()) {
            draft.leaveOut("provider_specific_entry is no object");
            return;
        }
        value.entries().forEach((name, factor) -> {
            if (name.equals("fast")) {
                factor(draft, Modifier.FAST, factor);
            } else {
                region(draft, name, factor);
            }
        });
    }

    private static void region(PriceDraft draft, String region, Value factor) {
        switch (region) {
            case "us" -> factor(draft, Modifier.REGION_US, factor);
            case "eu" -> factor(draft, Modifier.REGION_EU, factor);
            default -> draft.remark("the factor of '" + region + "' is not imported");
        }
    }

    private static void factor(PriceDraft draft, Modifier modifier, Value value) {
        var number = PriceFile.number(value).filter(factor -> factor.signum() > 0);
        if (number.isPresent()) {
            draft.put(modifier, number.get());
        } else {
            draft.leaveOut("the factor of " + modifier.key() + " is no number above 0");
        }
    }

    /** One price for every size of search context can be said here; three cannot. */
    private static void searches(PriceDraft draft, Value value) {
        if (!value.isObject()) {
            draft.remark("search_context_cost_per_query is not imported");
            return;
        }
        var prices = value.entries().values().stream()
                .map(PriceFile::number)
                .flatMap(Optional::stream)
                .map(BigDecimal::stripTrailingZeros)
                .distinct()
                .toList();
        if (prices.size() == 1 && !draft.provider().equals("gemini")) {
            draft.put(Part.STANDARD, Component.WEB_SEARCHES, PriceFile.perMillion(prices.getFirst()));
        } else {
            draft.remark("search_context_cost_per_query is not imported: it depends on what is searched");
        }
    }

    private static void reasoning(PriceDraft draft, Value reasoning, @Nullable Value output) {
        var own = PriceFile.number(reasoning);
        var written = output == null ? Optional.<BigDecimal>empty() : PriceFile.number(output);
        boolean same = own.isPresent() && written.isPresent() && own.get().compareTo(written.get()) == 0;
        if (!same) {
            draft.leaveOut("reasoning has a price of its own");
        }
    }

    /** Transcriptions and speech that are paid by the second. */
    private static void seconds(PriceDraft draft, Map<String, Value> fields) {
        for (var name : List.of("input_cost_per_second", "output_cost_per_second")) {
            var value = fields.get(name);
            var number = value == null ? Optional.<BigDecimal>empty() : PriceFile.number(value);
            if (number.isPresent() && number.get().signum() > 0) {
                if (draft.prices().isEmpty()
                        || draft.price(Part.STANDARD, Component.INPUT).isEmpty()) {
                    draft.put(Part.STANDARD, Component.AUDIO_SECONDS, PriceFile.perMillion(number.get()));
                } else {
                    draft.remark(name + " is not imported beside prices of tokens");
                }
            }
        }
    }
}
