package dev.quotary.price;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The price book that comes with the product: OpenAI, Anthropic, Google and xAI, dated, with provenance, as of 22 November 2026.
 *
 * <p>Its data lie beside this class: {@code prices.csv} and {@code model-aliases.csv}, whose meaning is told in {@link PriceSheet} and
 * {@link ModelFamilies}; {@code fees.csv} and {@code modifiers.csv}, which complete the rows of the former and those of operators
 * ({@link Supplements}).
 */
public final class BuiltInPrices {
    private BuiltInPrices() {}

    /**
     * Reads the book anew; keep it, since each book remembers the names it was asked for.
     *
     * @throws IllegalStateException if the jar lacks the data
     * @throws IllegalArgumentException naming line and column, if the data is broken
     */
    public static PriceBook load() {
        var families = ModelFamilies.of(CsvTable.ofResource("model-aliases.csv", ModelFamilies.COLUMNS));
        var fees = SupplementSheet.fees(CsvTable.ofResource("fees.csv", SupplementSheet.FEE_COLUMNS));
        var modifiers =
                SupplementSheet.modifiers(CsvTable.ofResource("modifiers.csv", SupplementSheet.MODIFIER_COLUMNS));
        var rows = new ArrayList<>(PriceSheet.rows(CsvTable.ofResource("prices.csv", PriceSheet.COLUMNS)));
        rows.addAll(withoutTokens(rows, fees));
        var supplements = new ArrayList<Supplement>(fees);
        supplements.addAll(modifiers);
        return PriceBook.of(rows, families, new Supplements(supplements));
    }

    private record Dated(ModelPattern model, PricePeriod period) {}

    /** Rows of the models that have no price of tokens, such as those paid by the minute: their fees are all there is. */
    private static List<PriceRow> withoutTokens(List<PriceRow> rows, List<FeePrice> fees) {
        var known = rows.stream().map(PriceRow::model).collect(Collectors.toSet());
        var prices = new LinkedHashMap<Dated, Map<Component, BigDecimal>>();
        var provenances = new LinkedHashMap<Dated, Provenance>();
        for (var fee : fees) {
            if (fee.models().exact() && !known.contains(fee.models())) {
                var dated = new Dated(fee.models(), fee.period());
                prices.computeIfAbsent(dated, _ -> new EnumMap<>(Component.class))
                        .put(fee.component(), fee.perMillion());
                provenances.putIfAbsent(dated, fee.provenance());
            }
        }
        var more = new ArrayList<PriceRow>();
        provenances.forEach((dated, provenance) -> more.add(new PriceRow(
                PriceSheet.id(dated.model, dated.period),
                dated.model,
                dated.period,
                PriceTable.of(new UnitPrices(prices.getOrDefault(dated, Map.of()))),
                provenance)));
        return more;
    }
}
