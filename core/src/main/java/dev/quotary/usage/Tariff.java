package dev.quotary.usage;

import dev.quotary.catalog.Catalog;
import dev.quotary.money.Money;
import dev.quotary.price.ModelNames;
import dev.quotary.price.PriceRow;
import dev.quotary.price.Pricing;
import dev.quotary.price.Receipt;
import dev.quotary.price.ServiceTier;
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

    /** The cost of a usage with its arithmetic; empty where something used has no price. */
    public static Optional<Receipt> receipt(PriceRow row, TokenUsage usage, ServiceTier tier) {
        return switch (row.price(usage, tier)) {
            case Pricing.Priced priced -> Optional.of(priced.receipt());
            case Pricing.Unpriced _, Pricing.OverMaximum _ -> Optional.empty();
        };
    }

    /** The most that a call within a bound can cost; empty for a model without a price. */
    public Optional<Money> costMax(@Nullable String provider, @Nullable String model, UsageBound bound, Instant at) {
        return find(provider, null, model, at).map(row -> row.costMax(bound));
    }
}
