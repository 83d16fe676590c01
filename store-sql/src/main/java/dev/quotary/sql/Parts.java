package dev.quotary.sql;

import dev.quotary.ledger.MeteredPart;
import dev.quotary.price.Component;
import dev.quotary.price.PartUsage;
import dev.quotary.price.TokenUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parts of an event as text: a line of {@link Words} for each, with the counts above 0 and the price that was applied. */
final class Parts {
    private static final String MODEL = "model";
    private static final String REASONING = "reasoning";
    private static final String PRICE_ROW = "price_row";
    private static final String TIER = "tier";
    private static final String PRICE_TIER = "price_tier";
    private static final String LONG_CONTEXT = "long_context";
    private static final String UNIT_PRICES = "unit_prices";

    private Parts() {}

    /**
     * Null where there are none.
     *
     * @throws IllegalArgumentException if a receipt is not over its part's buckets
     */
    static @Nullable String text(List<MeteredPart> parts) {
        return parts.isEmpty() ? null : parts.stream().map(Parts::line).collect(Collectors.joining("\n"));
    }

    private static String line(MeteredPart part) {
        var tokens = part.usage().tokens();
        var words = new LinkedHashMap<String, String>();
        words.put(MODEL, part.usage().model());
        for (var component : Component.values()) {
            if (tokens.of(component) > 0) {
                words.put(component.key(), Long.toString(tokens.of(component)));
            }
        }
        if (tokens.reasoning() > 0) {
            words.put(REASONING, Long.toString(tokens.reasoning()));
        }
        part.receipt()
                .map(receipt -> AppliedPrice.of(receipt, tokens, Optional.empty()))
                .ifPresent(price -> {
                    words.put(PRICE_ROW, price.priceRow());
                    words.put(TIER, price.tier().key());
                    words.put(PRICE_TIER, price.priceTier().key());
                    words.put(LONG_CONTEXT, Boolean.toString(price.longContext()));
                    words.put(UNIT_PRICES, price.ratesText());
                });
        return String.valueOf(Words.of(words));
    }

    static List<MeteredPart> parse(@Nullable String text) {
        if (text == null) {
            return List.of();
        }
        var parts = new ArrayList<MeteredPart>();
        for (var line : text.split("\n", -1)) {
            parts.add(part(new LinkedHashMap<>(Words.parse(line))));
        }
        return parts;
    }

    private static MeteredPart part(Map<String, String> words) {
        var model = taken(words, MODEL);
        var price = words.containsKey(PRICE_ROW)
                ? Optional.of(AppliedPrice.parse(
                        taken(words, PRICE_ROW),
                        taken(words, TIER),
                        taken(words, PRICE_TIER),
                        Boolean.parseBoolean(taken(words, LONG_CONTEXT)),
                        taken(words, UNIT_PRICES)))
                : Optional.<AppliedPrice>empty();
        var builder = TokenUsage.builder();
        for (var word : words.entrySet()) {
            long count = Long.parseLong(word.getValue());
            if (word.getKey().equals(REASONING)) {
                builder.reasoning(count);
            } else {
                builder.set(MoreUsage.component(word.getKey()), count);
            }
        }
        var tokens = builder.build();
        return new MeteredPart(new PartUsage(model, tokens), price.map(applied -> applied.receipt(tokens)));
    }

    private static String taken(Map<String, String> words, String name) {
        var value = words.remove(name);
        if (value == null) {
            throw new IllegalStateException("a part of an event in the ledger has no " + name);
        }
        return value;
    }
}
