package dev.quotary.price;

import dev.quotary.money.Money;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The prices of one model, or of the models of one pattern, during one period.
 *
 * <p>A row that was used is never changed: a new price is a new row with a new id, so that an old receipt can always be checked.
 *
 * @param id names the row in receipts and in the ledger, such as {@code openai/gpt-5.6-sol@2026-08-21}; 1 to 600 printable characters
 */
public record PriceRow(String id, ModelPattern model, PricePeriod period, PriceTable prices, Provenance provenance) {
    private static final int ID_LENGTH_MAX = 600;

    public PriceRow {
        if (!ModelPattern.printable(id, ID_LENGTH_MAX)) {
            throw new IllegalArgumentException(
                    "expected a price row id of 1.." + ID_LENGTH_MAX + " printable characters");
        }
    }

    /** A row for models that cost nothing, such as those on one's own machines. */
    public static PriceRow free(String id, ModelPattern model) {
        var zero = new UnitPrices(Map.of(Component.INPUT, BigDecimal.ZERO, Component.OUTPUT, BigDecimal.ZERO));
        return new PriceRow(id, model, PricePeriod.ALWAYS, PriceTable.of(zero), Provenance.NONE);
    }

    /** Whether all usage at this row costs nothing. */
    public boolean free() {
        return prices.free();
    }

    /** What a usage costs to which no modifier applies, with the arithmetic. */
    public Pricing price(TokenUsage usage, ServiceTier tier) {
        return price(usage, tier, Set.of());
    }

    /** What a usage costs, with the arithmetic. */
    public Pricing price(TokenUsage usage, ServiceTier tier, Set<Modifier> modifiers) {
        var undeclared = prices.modifiers().undeclared(modifiers);
        if (!undeclared.isEmpty()) {
            return new Pricing.Unpriced(prices.rates(usage, tier, Set.of()).unpriced(usage), undeclared);
        }
        var rates = prices.rates(usage, tier, modifiers);
        var unpriced = rates.unpriced(usage);
        if (!unpriced.isEmpty()) {
            return new Pricing.Unpriced(unpriced);
        }
        var lines = rates.lines(usage);
        var total = Receipt.total(lines);
        if (total.isEmpty()) {
            return new Pricing.OverMaximum();
        }
        boolean longContext = prices.longContext(usage.totalInput());
        var applied = prices.modifiers().of(modifiers);
        return new Pricing.Priced(new Receipt(
                id, tier, prices.priceTier(tier), longContext, applied, prices.adjustment(), lines, total.get()));
    }

    /**
     * What a usage costs, without the arithmetic: the total of {@link #price}, at a fraction of its cost.
     *
     * @return empty where {@link #price} does not answer {@link Pricing.Priced}
     */
    public Optional<Money> cost(TokenUsage usage, ServiceTier tier) {
        return cost(usage, tier, Set.of());
    }

    /** As {@link #cost(TokenUsage, ServiceTier)}, where modifiers apply. */
    public Optional<Money> cost(TokenUsage usage, ServiceTier tier, Set<Modifier> modifiers) {
        return prices.modifiers().undeclared(modifiers).isEmpty()
                ? prices.rates(usage, tier, modifiers).cost(usage)
                : Optional.empty();
    }

    /** Those of some modifiers that this row has a factor for. */
    public Set<Modifier> declared(Set<Modifier> some) {
        return prices.modifiers().of(some).keySet();
    }

    /** The usage of one call as it is priced here: with the call itself, where that has a price. */
    public TokenUsage ofOneCall(TokenUsage usage) {
        return prices.chargesRequests() && usage.fees().requests() == 0 ? usage.with(Component.REQUESTS, 1) : usage;
    }

    /** The same prices during a part of its period, multiplied. */
    PriceRow adjusted(PricePeriod during, BigDecimal factor) {
        return new PriceRow(id, model, during, prices.adjusted(factor), provenance);
    }

    /**
     * The most that a usage within the bound can cost, rounded up: every token of the prompt at the dearest kind of prompt token, every
     * written one at the dearest kind of written token, at the dearest tier, with the dearest modifiers, at the long-context prices if
     * the prompt may be long, and every fee that may fall due.
     *
     * <p>Kinds and modifiers that have no price do not count: a usage with them has no cost. A bound over {@link Money#MAX} is answered as
     * {@link Money#MAX}.
     */
    public Money costMax(UsageBound bound) {
        return prices.costMax(bound);
    }
}
