package dev.quotary.price;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What price rows are completed with: a row's own prices and factors stand, and what it does not name comes from here, the closest
 * declaration first. Immutable.
 */
final class Supplements {
    static final Supplements NONE = new Supplements(List.of());

    private final ModelIndex<Supplement> index;

    Supplements(List<Supplement> declared) {
        var byModel = new LinkedHashMap<ModelPattern, List<Supplement>>();
        for (var supplement : declared) {
            byModel.computeIfAbsent(supplement.models(), _ -> new ArrayList<>()).add(supplement);
        }
        this.index = new ModelIndex<>(byModel);
    }

    /** Those that hold for a model, the closest first. */
    List<Supplement> of(String provider, List<String> names) {
        return index.find(provider, names);
    }

    /**
     * A row completed: one row for each stretch of its period during which the same supplements are in effect, all of the row's id, since
     * what they say is in a receipt's lines.
     */
    static List<PriceRow> complete(PriceRow row, List<Supplement> found) {
        if (found.isEmpty()) {
            return List.of(row);
        }
        var rows = new ArrayList<PriceRow>();
        var periods = found.stream().map(Supplement::period).toList();
        for (var period : row.period().stretches(periods)) {
            var inEffect = found.stream()
                    .filter(supplement -> supplement.period().contains(period.start()))
                    .toList();
            rows.add(completed(row, period, inEffect));
        }
        return rows;
    }

    private static PriceRow completed(PriceRow row, PricePeriod period, List<Supplement> inEffect) {
        var fees = new EnumMap<Component, BigDecimal>(Component.class);
        Map<Modifier, BigDecimal> factors = new EnumMap<>(Modifier.class);
        for (var supplement : inEffect) {
            switch (supplement) {
                case FeePrice fee -> fees.putIfAbsent(fee.component(), fee.perMillion());
                case ModifierFactor modifier -> factors.putIfAbsent(modifier.modifier(), modifier.factor());
            }
        }
        factors.putAll(row.prices().modifiers().factors());
        var prices = row.prices().withFees(fees).withModifiers(new ModifierFactors(factors));
        return new PriceRow(row.id(), row.model(), period, prices, row.provenance());
    }
}
