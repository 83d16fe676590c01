package dev.quotary.api;

import dev.quotary.catalog.Declarations;
import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.TokenUsage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The amounts that a request names, which may be fewer than it has.
 *
 * @param quantities by meter, without cost
 * @param cost empty to have it computed
 */
record NamedAmounts(Map<MeterKey, Long> quantities, Optional<Money> cost) {
    /** Reads the members {@code quantities} and {@code cost}. */
    static NamedAmounts read(Fields fields, Declarations declared) {
        var quantities = fields.find("quantities")
                .map(value -> quantities(value, declared))
                .orElse(Map.of());
        return new NamedAmounts(quantities, fields.find("cost").map(value -> value.decimal(Money::parse)));
    }

    private static Map<MeterKey, Long> quantities(Value value, Declarations declared) {
        var quantities = new LinkedHashMap<MeterKey, Long>();
        for (var entry : value.entries().entrySet()) {
            var amount = entry.getValue();
            if (!amount.isNull()) {
                var meter = meter(entry.getKey(), amount, declared);
                quantities.put(meter, amount.integer(0, most(meter)));
            }
        }
        return quantities;
    }

    private static MeterKey meter(String name, Value place, Declarations declared) {
        return switch (name) {
            case "requests" -> MeterKey.REQUESTS;
            case "tokens" -> MeterKey.TOKENS;
            case "tokens.input" -> MeterKey.TOKENS_INPUT;
            case "tokens.output" -> MeterKey.TOKENS_OUTPUT;
            case "cost" ->
                throw place.wrong(
                        "expected cost as the member 'cost' beside 'quantities', a decimal number of dollars");
            default -> declared(name, place, declared);
        };
    }

    private static MeterKey declared(String name, Value place, Declarations declared) {
        if (!declared.meters().isEmpty()) {
            var meter = place.checked(() -> new MeterKey(name));
            if (declared.meters().containsKey(meter)) {
                return meter;
            }
        }
        var known = declared.meters().keySet().stream()
                .sorted()
                .map(MeterKey::value)
                .collect(Collectors.joining(", "));
        throw place.wrong("expected a meter that is declared or built in, was '" + name
                + "'; built in: requests, tokens, tokens.input, tokens.output" + (known.isEmpty() ? "" : "; declared: ")
                + known);
    }

    private static long most(MeterKey meter) {
        return meter.equals(MeterKey.TOKENS)
                        || meter.equals(MeterKey.TOKENS_INPUT)
                        || meter.equals(MeterKey.TOKENS_OUTPUT)
                ? TokenUsage.TOKENS_MAX
                : Quantities.AMOUNT_MAX;
    }

    boolean names(MeterKey meter) {
        return quantities.containsKey(meter);
    }

    boolean namesTokens() {
        return names(MeterKey.TOKENS) || names(MeterKey.TOKENS_INPUT) || names(MeterKey.TOKENS_OUTPUT);
    }

    /**
     * The quantities of a call of its own.
     *
     * @param calls how many requests it is where it does not say
     */
    Quantities whole(long calls, Value place) {
        var all = new LinkedHashMap<>(quantities);
        all.putIfAbsent(MeterKey.REQUESTS, calls);
        return place.checked(() -> Quantities.of(all));
    }

    /** These quantities in the place of those of {@code base}, which keeps what is not named here; tokens go together. */
    Quantities over(Quantities base, Value place) {
        var all = new LinkedHashMap<MeterKey, Long>(base.toMap());
        if (namesTokens()) {
            all.remove(MeterKey.TOKENS);
            all.remove(MeterKey.TOKENS_INPUT);
            all.remove(MeterKey.TOKENS_OUTPUT);
        }
        all.putAll(quantities);
        return place.checked(() -> Quantities.of(all));
    }
}
