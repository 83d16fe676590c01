package dev.quotary.price;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Turns the lines of a price sheet into rows. Prices are US dollars per 1,000,000 tokens; dates are midnights UTC.
 *
 * <p>The sheet has factors for batch and flex, which are multiplied in here, for long prompts too, and absolute prices for priority. It
 * has no priority price of cache writes; every model that has both keeps the ratio of write to input in each class that is published,
 * so that ratio is applied to the priority input price, rounded up to {@link #DERIVED_DECIMALS} decimals. The column {@code mode} is for
 * people.
 */
final class PriceSheet {
    static final List<String> COLUMNS = List.of(
            "provider",
            "model",
            "input",
            "cached_input",
            "cache_write_5m",
            "cache_write_1h",
            "output",
            "long_context_threshold",
            "long_input",
            "long_cached_input",
            "long_cache_write_5m",
            "long_cache_write_1h",
            "long_output",
            "batch_factor",
            "flex_factor",
            "priority_input",
            "priority_cached_input",
            "priority_output",
            "mode",
            "effective_from",
            "effective_until",
            "sources",
            "note");

    private static final List<Component> WRITES = List.of(Component.CACHE_WRITE_5M, Component.CACHE_WRITE_1H);
    private static final int DERIVED_DECIMALS = 6;

    private PriceSheet() {}

    /** @throws IllegalArgumentException naming the line, and the column where one is to blame */
    static List<PriceRow> rows(CsvTable table) {
        return table.read(PriceSheet::row);
    }

    private static PriceRow row(CsvTable.Row line) {
        var model = new ModelPattern(line.text("provider"), line.text("model"));
        var period = new PricePeriod(
                line.value("effective_from", PriceSheet::midnight),
                line.value("effective_until", PriceSheet::midnight));
        var from = line.text("effective_from");
        var id = from.isEmpty() ? model.toString() : model + "@" + from;
        return new PriceRow(id, model, period, prices(line), new Provenance(line.text("sources"), line.text("note")));
    }

    private static Instant midnight(String date) {
        return LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static PriceTable prices(CsvTable.Row line) {
        var threshold = line.value("long_context_threshold", Long::valueOf);
        var standard = new TierPrices(unitPrices(line, ""), threshold.map(_ -> unitPrices(line, "long_")));
        var tiers = new EnumMap<ServiceTier, TierPrices>(ServiceTier.class);
        tiers.put(ServiceTier.STANDARD, standard);
        line.value("batch_factor", UnitPrices::price)
                .ifPresent(factor -> tiers.put(ServiceTier.BATCH, times(standard, factor)));
        line.value("flex_factor", UnitPrices::price)
                .ifPresent(factor -> tiers.put(ServiceTier.FLEX, times(standard, factor)));
        if (!line.text("priority_input").isEmpty()) {
            tiers.put(ServiceTier.PRIORITY, TierPrices.of(priority(line, standard.normal())));
        }
        return new PriceTable(tiers, threshold.map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    private static TierPrices times(TierPrices prices, BigDecimal factor) {
        return new TierPrices(
                prices.normal().times(factor), prices.longContext().map(declared -> declared.times(factor)));
    }

    private static UnitPrices unitPrices(CsvTable.Row line, String prefix) {
        var prices = new EnumMap<Component, BigDecimal>(Component.class);
        prices.put(Component.INPUT, line.required(prefix + "input", UnitPrices::price));
        prices.put(Component.OUTPUT, line.required(prefix + "output", UnitPrices::price));
        put(prices, Component.CACHED_INPUT, line.value(prefix + "cached_input", UnitPrices::price));
        put(prices, Component.CACHE_WRITE_5M, line.value(prefix + "cache_write_5m", UnitPrices::price));
        put(prices, Component.CACHE_WRITE_1H, line.value(prefix + "cache_write_1h", UnitPrices::price));
        return new UnitPrices(prices);
    }

    private static UnitPrices priority(CsvTable.Row line, UnitPrices standard) {
        var input = line.required("priority_input", UnitPrices::price);
        var prices = new EnumMap<Component, BigDecimal>(Component.class);
        prices.put(Component.INPUT, input);
        prices.put(Component.OUTPUT, line.required("priority_output", UnitPrices::price));
        put(prices, Component.CACHED_INPUT, line.value("priority_cached_input", UnitPrices::price));
        WRITES.forEach(write -> put(prices, write, inRatio(standard, write, input)));
        return new UnitPrices(prices);
    }

    private static Optional<BigDecimal> inRatio(UnitPrices standard, Component write, BigDecimal input) {
        var standardInput = standard.of(Component.INPUT).filter(price -> price.signum() > 0);
        return standardInput.flatMap(price -> standard.of(write)
                .map(own -> own.multiply(input).divide(price, DERIVED_DECIMALS, RoundingMode.CEILING)));
    }

    private static void put(Map<Component, BigDecimal> prices, Component component, Optional<BigDecimal> price) {
        price.ifPresent(declared -> prices.put(component, declared));
    }
}
