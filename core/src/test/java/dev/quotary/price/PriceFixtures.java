package dev.quotary.price;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Small prices and seeded runs; the {@code Seeds} of testkit are out of reach, since testkit depends on this module. */
final class PriceFixtures {
    private PriceFixtures() {}

    static UnitPrices prices(String input, String output) {
        return prices(Map.of(Component.INPUT, input, Component.OUTPUT, output));
    }

    static UnitPrices prices(Map<Component, String> texts) {
        var prices = new EnumMap<Component, BigDecimal>(Component.class);
        texts.forEach((component, text) -> prices.put(component, UnitPrices.price(text)));
        return new UnitPrices(prices);
    }

    static PriceRow row(String id, String provider, String model, PricePeriod period) {
        return new PriceRow(
                id, new ModelPattern(provider, model), period, PriceTable.of(prices("1", "2")), Provenance.NONE);
    }

    static PriceRow row(PriceTable prices) {
        return new PriceRow("row", new ModelPattern("p", "m"), PricePeriod.ALWAYS, prices, Provenance.NONE);
    }

    static TokenUsage only(Component component, long count) {
        return TokenUsage.NONE.with(component, count);
    }

    static Receipt receipt(PriceRow row, TokenUsage usage, ServiceTier tier) {
        if (row.price(usage, tier) instanceof Pricing.Priced priced) {
            return priced.receipt();
        }
        throw new AssertionError("expected a receipt, got " + row.price(usage, tier));
    }

    /** Price per 1,000,000 units that a receipt shows for a single unit. */
    static String perMillion(PriceRow row, Component component, ServiceTier tier) {
        var line = receipt(row, only(component, 1), tier).lines().getFirst();
        return UnitPrices.plain(line.unitPrice().movePointRight(6)).toPlainString();
    }

    static Instant at(String instant) {
        return Instant.parse(instant);
    }

    static List<String> ids(PriceBook book) {
        return book.rows().stream().map(PriceRow::id).toList();
    }

    /** Runs a property for many seeds; {@code -Dquotary.seed=N} repeats one. */
    static void forEachSeed(int count, Consumer<RandomGenerator> property) {
        long first = Long.getLong("quotary.seed", 1L);
        int runs = Long.getLong("quotary.seed") == null ? count : 1;
        for (long seed = first; seed < first + runs; seed++) {
            try {
                property.accept(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("repeat with -Dquotary.seed=" + seed, e);
            }
        }
    }
}
