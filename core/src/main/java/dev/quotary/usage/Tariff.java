package dev.quotary.usage;

import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.ledger.MeteredPart;
import dev.quotary.money.Money;
import dev.quotary.price.ModelNames;
import dev.quotary.price.Modifier;
import dev.quotary.price.PartUsage;
import dev.quotary.price.PriceBook;
import dev.quotary.price.PriceRow;
import dev.quotary.price.Pricing;
import dev.quotary.price.Receipt;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import dev.quotary.price.UsageBound;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The prices in force: the price books of the catalog, asked by organization, provider and model. Safe for many threads.
 *
 * <p>A call has two costs where its organization has prices of its own: what the organization is charged, which is what limits count,
 * and what the operator pays.
 */
public final class Tariff {
    private final Catalog catalog;

    public Tariff(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * The price row of a model.
     *
     * @param model the model that the caller asked for
     * @param at when the call began
     */
    public Optional<PriceRow> find(
            OrganizationKey organization, @Nullable String provider, @Nullable String model, Instant at) {
        return ModelNames.of(provider, model, null)
                .flatMap(names -> catalog.declarations().prices(organization).find(names, at));
    }

    /**
     * The cost of one call with its arithmetic, each part at its own model.
     *
     * @param names of the model; empty for a call of none
     * @param at when the call began
     */
    public Priced price(OrganizationKey organization, Optional<ModelNames> names, Use use, Instant at) {
        var declared = catalog.declarations();
        var charged = declared.prices(organization);
        var priced = names.map(model -> price(charged, model, use, at))
                .orElseGet(() -> new Priced(false, use.tokens(), Optional.empty(), List.of(), Optional.empty()));
        return declared.ownPrices().containsKey(organization) && names.isPresent()
                ? priced.costingTheOperator(
                        price(declared.prices(), names.get(), use, at).cost())
                : priced;
    }

    private static Priced price(PriceBook book, ModelNames names, Use use, Instant at) {
        var row = book.find(names, at);
        var tokens = row.map(prices -> prices.ofOneCall(use.tokens())).orElse(use.tokens());
        var receipt = row.flatMap(prices -> receipt(prices, tokens, use.tier(), use.modifiers()));
        var parts = use.parts().stream()
                .map(part -> new MeteredPart(
                        part,
                        book.find(ModelNames.requested(names.provider(), part.model()), at)
                                .flatMap(prices -> receipt(prices, part, use))))
                .toList();
        return new Priced(row.isPresent(), tokens, receipt, parts, Optional.empty());
    }

    /**
     * Of what another model used. The answer names the modifiers of the model that was called; of the others it says nothing. So a
     * modifier applies to a part where the part's model has it, which is the most it can cost, and else does not: a model without a fast
     * mode was not served in it. For the called model itself a modifier without a price stays a gap in the book.
     */
    private static Optional<Receipt> receipt(PriceRow row, PartUsage part, Use use) {
        return receipt(row, part.tokens(), use.tier(), row.declared(use.modifiers()));
    }

    /** Empty where something used has no price. */
    private static Optional<Receipt> receipt(
            PriceRow row, TokenUsage tokens, ServiceTier tier, Set<Modifier> modifiers) {
        return switch (row.price(tokens, tier, modifiers)) {
            case Pricing.Priced priced -> Optional.of(priced.receipt());
            case Pricing.Unpriced _, Pricing.OverMaximum _ -> Optional.empty();
        };
    }

    /**
     * What an organization is charged for a call of which the provider said what it charges: as much, with the discounts and mark-ups of
     * the organization.
     *
     * @return empty if the organization has a price of its own for the model, which then counts
     */
    public Optional<Money> charged(
            OrganizationKey organization, Optional<ModelNames> names, BigDecimal stated, Instant at) {
        var own = catalog.declarations().ownPrices().get(organization);
        return own == null || names.isEmpty()
                ? Optional.of(Money.rounded(stated))
                : own.adjusted(names.get(), stated, at).map(Money::rounded);
    }

    /** The most that a call within a bound can cost; empty for a model without a price. */
    public Optional<Money> costMax(OrganizationKey organization, ModelNames names, UsageBound bound, Instant at) {
        return catalog.declarations().prices(organization).find(names, at).map(row -> row.costMax(bound));
    }
}
