package dev.quotary.sql;

import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was held for a call, as {@link Words}: amounts above 0 by meter, cost in picodollars. One column for all of it, as it is only
 * ever read whole.
 */
final class Estimates {
    private static final String COST = MeterKey.COST.value();
    private static final int TEXT_LENGTH = 96;

    private Estimates() {}

    static String text(Amounts amounts) {
        return amounts.quantities().others().isEmpty() ? ofBuiltIn(amounts) : ofAll(amounts);
    }

    /** The same without a map: nearly every event has an estimate, of nothing but built-in meters, whose names need no escapes. */
    private static String ofBuiltIn(Amounts amounts) {
        var quantities = amounts.quantities();
        var text = new StringBuilder(TEXT_LENGTH);
        append(text, MeterKey.REQUESTS, quantities.requests());
        append(text, MeterKey.TOKENS, quantities.tokens());
        append(text, MeterKey.TOKENS_INPUT, quantities.tokensInput());
        append(text, MeterKey.TOKENS_OUTPUT, quantities.tokensOutput());
        return text.append(COST).append('=').append(amounts.cost().picos()).toString();
    }

    private static void append(StringBuilder text, MeterKey meter, long amount) {
        if (amount > 0) {
            text.append(meter.value()).append('=').append(amount).append(' ');
        }
    }

    private static String ofAll(Amounts amounts) {
        var words = new LinkedHashMap<String, String>();
        amounts.quantities().toMap().forEach((meter, amount) -> words.put(meter.value(), amount.toString()));
        words.put(COST, Long.toString(amounts.cost().picos()));
        return String.valueOf(Words.of(words));
    }

    static Optional<Amounts> parse(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        var amounts = new LinkedHashMap<MeterKey, Long>();
        Words.parse(text).forEach((meter, amount) -> amounts.put(new MeterKey(meter), Long.valueOf(amount)));
        var cost = amounts.remove(MeterKey.COST);
        return Optional.of(new Amounts(Quantities.of(amounts), new Money(cost == null ? 0 : cost)));
    }
}
