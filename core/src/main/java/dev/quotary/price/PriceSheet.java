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
        var period = new PricePeriod(midnight(line, "effective_from"), midnight(line, "effective_until"));
        return new PriceRow(
                id(model, period),
                model,
                period,
                prices(line),
                new Provenance(line.text("sources"), line.text("note")));
    }

    /** The model, and from when: as long as there is one row, it needs no date. */
    static String id(ModelPattern model, PricePeriod period) {
        return model
                + period.from()
                        .map(from -> "@" + LocalDate.ofInstant(from, ZoneOffset.UTC))
                        .orElse("");
    }

    private static Optional<Instant> midnight(CsvTable.Row line, String column) {
        return line.value(
                column,
                date -> LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    private static Optional<BigDecimal> price(CsvTable.Row line, String column) {
        return line.value(column, UnitPrices::price);
    }

    private static PriceTable prices(CsvTable.Row line) {
        checkNeeds(line, "long_input", "long_context_threshold");
        checkNeeds(line, "priority_output", "priority_input");
        var threshold = line.value("long_context_threshold", Long::valueOf);
        var normal = unitPrices(line, "");
        var standard = threshold.isPresent() ? TierPrices.of(normal, unitPrices(line, "long_")) : TierPrices.of(normal);
        var tiers = new EnumMap<ServiceTier, TierPrices>(ServiceTier.class);
        tiers.put(ServiceTier.STANDARD, standard);
        var batch = price(line, "batch_factor");
        if (batch.isPresent()) {
            tiers.put(ServiceTier.BATCH, standard.times(batch.get()));
        }
        var flex = price(line, "flex_factor");
        if (flex.isPresent()) {
            tiers.put(ServiceTier.FLEX, standard.times(flex.get()));
        }
        if (!line.text("priority_input").isEmpty()) {
            tiers.put(ServiceTier.PRIORITY, TierPrices.of(priority(line, normal)));
        }
        return new PriceTable(tiers, threshold.isPresent() ? OptionalLong.of(threshold.get()) : OptionalLong.empty());
    }

    /** A price whose other half is missing would be left out in silence. */
    private static void checkNeeds(CsvTable.Row line, String column, String needed) {
        if (!line.text(column).isEmpty() && line.text(needed).isEmpty()) {
            throw new IllegalArgumentException("column " + needed + ": expected a value beside " + column);
        }
    }

    private static UnitPrices unitPrices(CsvTable.Row line, String prefix) {
        var prices = new EnumMap<Component, BigDecimal>(Component.class);
        putRequired(prices, Component.INPUT, line, prefix + "input");
        putRequired(prices, Component.OUTPUT, line, prefix + "output");
        put(prices, Component.CACHED_INPUT, price(line, prefix + "cached_input"));
        put(prices, Component.CACHE_WRITE_5M, price(line, prefix + "cache_write_5m"));
        put(prices, Component.CACHE_WRITE_1H, price(line, prefix + "cache_write_1h"));
        return new UnitPrices(prices);
    }

    private static UnitPrices priority(CsvTable.Row line, UnitPrices standard) {
        var input = line.required("priority_input", UnitPrices::price);
        var prices = new EnumMap<Component, BigDecimal>(Component.class);
        prices.put(Component.INPUT, input);
        putRequired(prices, Component.OUTPUT, line, "priority_output");
        put(prices, Component.CACHED_INPUT, price(line, "priority_cached_input"));
        for (var write : WRITES) {
            put(prices, write, inRatio(standard, write, input));
        }
        return new UnitPrices(prices);
    }

    private static Optional<BigDecimal> inRatio(UnitPrices standard, Component write, BigDecimal input) {
        var standardInput = standard.of(Component.INPUT).orElse(BigDecimal.ZERO);
        var standardWrite = standard.of(write);
        if (standardWrite.isEmpty() || standardInput.signum() == 0) {
            return Optional.empty();
        }
        return Optional.of(
                standardWrite.get().multiply(input).divide(standardInput, DERIVED_DECIMALS, RoundingMode.CEILING));
    }

    private static void putRequired(
            Map<Component, BigDecimal> prices, Component component, CsvTable.Row line, String column) {
        prices.put(component, line.required(column, UnitPrices::price));
    }

    private static void put(Map<Component, BigDecimal> prices, Component component, Optional<BigDecimal> price) {
        if (price.isPresent()) {
            prices.put(component, price.get());
        }
    }
}
