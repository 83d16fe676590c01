package dev.quotary.analytics.advice;

import dev.quotary.analytics.advice.Advice.Cache;
import dev.quotary.analytics.advice.Advice.Cheaper;
import dev.quotary.price.Component;
import dev.quotary.price.ModelNames;
import dev.quotary.price.PriceBook;
import dev.quotary.price.PriceRow;
import dev.quotary.price.Pricing;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what uses would cost otherwise, by one price book at one moment. */
public final class Advisor {
    private static final int MODELS_MAX = 5;
    private static final int PERCENT = 100;

    private final PriceBook book;
    private final Instant at;

    public Advisor(PriceBook book, Instant at) {
        this.book = book;
        this.at = at;
    }

    public Advice advise(ModelUse use) {
        var row = book.find(ModelNames.requested(use.provider(), use.model()), at);
        var listed = row.flatMap(prices -> cost(prices, use.buckets(), ServiceTier.STANDARD));
        if (row.isEmpty() || listed.isEmpty()) {
            return new Advice(use, Optional.empty(), List.of(), List.of(), Optional.empty());
        }
        return new Advice(
                use,
                listed,
                models(use, row.get(), listed.get()),
                tiers(use, row.get(), listed.get()),
                cache(use, row.get()));
    }

    private List<Cheaper> models(ModelUse use, PriceRow own, BigDecimal listed) {
        var line = ModelLine.of(own.model().model());
        if (line.isEmpty()) {
            return List.of();
        }
        return book.rows().stream()
                .filter(row -> row.model().provider().equals(use.provider())
                        && row.period().contains(at))
                .filter(row ->
                        !row.model().model().endsWith("*") && !row.model().equals(own.model()))
                .filter(row -> ModelLine.of(row.model().model()).equals(line))
                .flatMap(row -> cost(row, use.buckets(), ServiceTier.STANDARD)
                        .map(cost -> new Cheaper(row.model().model(), cost, listed.subtract(cost)))
                        .stream())
                .filter(cheaper -> cheaper.saving().signum() > 0)
                .sorted(Comparator.comparing(Cheaper::cost).thenComparing(Cheaper::what, Comparator.reverseOrder()))
                .limit(MODELS_MAX)
                .toList();
    }

    private static List<Cheaper> tiers(ModelUse use, PriceRow row, BigDecimal listed) {
        var tiers = new ArrayList<Cheaper>();
        for (var tier : List.of(ServiceTier.BATCH, ServiceTier.FLEX)) {
            cost(row, use.buckets(), tier)
                    .filter(cost -> cost.compareTo(listed) < 0)
                    .ifPresent(cost -> tiers.add(new Cheaper(tier.key(), cost, listed.subtract(cost))));
        }
        return tiers;
    }

    private static Optional<Cache> cache(ModelUse use, PriceRow row) {
        var prices = units(row, Map.of(Component.INPUT, 1L, Component.CACHED_INPUT, 1L), ServiceTier.STANDARD);
        if (prices.isEmpty() || use.prompt() == 0) {
            return Optional.empty();
        }
        var lessEach = price(prices.get(), Component.INPUT).subtract(price(prices.get(), Component.CACHED_INPUT));
        if (lessEach.signum() <= 0) {
            return Optional.empty();
        }
        long cached = use.of(Component.CACHED_INPUT);
        return Optional.of(new Cache(
                (int) (Math.multiplyExact(cached, (long) PERCENT) / use.prompt()),
                lessEach.multiply(BigDecimal.valueOf(cached)),
                lessEach.multiply(BigDecimal.valueOf(use.of(Component.INPUT) / 2))));
    }

    /** Exactly; empty where something used has no price. */
    private static Optional<BigDecimal> cost(PriceRow row, Map<Component, Long> used, ServiceTier tier) {
        return units(row, used, tier)
                .map(prices -> used.entrySet().stream()
                        .map(each -> price(prices, each.getKey()).multiply(BigDecimal.valueOf(each.getValue())))
                        .reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    private static BigDecimal price(Map<Component, BigDecimal> prices, Component component) {
        return prices.getOrDefault(component, BigDecimal.ZERO);
    }

    /** Unit prices, off the receipt of a call that uses one of each: never one for a long prompt. */
    private static Optional<Map<Component, BigDecimal>> units(
            PriceRow row, Map<Component, Long> used, ServiceTier tier) {
        var one = TokenUsage.builder();
        used.keySet().forEach(component -> one.set(component, 1));
        if (!(row.price(one.build(), tier) instanceof Pricing.Priced(var receipt))) {
            return Optional.empty();
        }
        var prices = new EnumMap<Component, BigDecimal>(Component.class);
        receipt.lines().forEach(line -> prices.put(line.component(), line.unitPrice()));
        return Optional.of(prices);
    }
}
