package dev.quotary.usage;

import dev.quotary.catalog.Catalog;
import dev.quotary.ledger.MeteredPart;
import dev.quotary.money.Money;
import dev.quotary.price.ModelNames;
import dev.quotary.price.PriceRow;
import dev.quotary.price.Pricing;
import dev.quotary.price.Receipt;
import dev.quotary.price.TokenUsage;
import dev.quotary.price.UsageBound;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The prices in force: the price book of the catalog, asked by provider and model. Safe for many threads. */
public final class Tariff {
    private final Catalog catalog;

    public Tariff(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * The price row of a model.
     *
     * @param served the model that answered, as the provider names it; asked first
     * @param requested the model that the caller asked for
     * @param at when the call began
     */
    public Optional<PriceRow> find(
            @Nullable String provider, @Nullable String served, @Nullable String requested, Instant at) {
        var name = requested == null ? served : requested;
        if (provider == null || name == null) {
            return Optional.empty();
        }
        var names = ModelNames.requested(provider, name).servedAs(served);
        return catalog.declarations().prices().find(names, at);
    }

    /**
     * The cost of one call with its arithmetic, each part at its own model.
     *
     * @param at when the call began
     */
    public Priced price(
            @Nullable String provider, @Nullable String served, @Nullable String requested, Use use, Instant at) {
        var row = find(provider, served, requested, at);
        var tokens = row.map(prices -> prices.ofOneCall(use.tokens())).orElse(use.tokens());
        var receipt = row.flatMap(prices -> receipt(prices, tokens, use));
        var parts = use.parts().stream()
                .map(part -> new MeteredPart(
                        part,
                        find(provider, part.model(), null, at).flatMap(prices -> receipt(prices, part.tokens(), use))))
                .toList();
        return new Priced(row.isPresent(), tokens, receipt, parts);
    }

    /** Empty where something used has no price. */
    private static Optional<Receipt> receipt(PriceRow row, TokenUsage tokens, Use use) {
        return switch (row.price(tokens, use.tier(), use.modifiers())) {
            case Pricing.Priced priced -> Optional.of(priced.receipt());
            case Pricing.Unpriced _, Pricing.OverMaximum _ -> Optional.empty();
        };
    }

    /** The most that a call within a bound can cost; empty for a model without a price. */
    public Optional<Money> costMax(@Nullable String provider, @Nullable String model, UsageBound bound, Instant at) {
        return find(provider, null, model, at).map(row -> row.costMax(bound));
    }
}
