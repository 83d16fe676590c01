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

    private Estimates() {}

    static String text(Amounts amounts) {
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
