package dev.quotary.ledger;

import dev.quotary.money.Money;
import dev.quotary.price.Modifier;
import dev.quotary.price.Receipt;
import dev.quotary.price.ServiceTier;
import java.util.Optional;
import java.util.Set;

/**
 * How the cost of an event came about, and what it would be priced by again.
 *
 * @param basis where the cost comes from
 * @param providerCost what the call cost the operator; empty where that is the cost itself
 * @param served the model that served the call, as the provider named it; empty where that is the model of the call
 * @param tier the service tier it was served at
 * @param modifiers what else its prices depend on
 */
public record CostFacts(
        CostBasis basis,
        Optional<Money> providerCost,
        Optional<String> served,
        ServiceTier tier,
        Set<Modifier> modifiers) {
    public static final CostFacts UNTOLD = of(CostBasis.UNTOLD);
    public static final CostFacts BOOK = of(CostBasis.BOOK);

    public CostFacts {
        modifiers = Set.copyOf(modifiers);
    }

    /** Of a call at the standard tier, which costs the operator what it costs. */
    public static CostFacts of(CostBasis basis) {
        return new CostFacts(basis, Optional.empty(), Optional.empty(), ServiceTier.STANDARD, Set.of());
    }

    /** The same as a receipt says. */
    CostFacts as(Receipt receipt) {
        return new CostFacts(
                basis, providerCost, served, receipt.tier(), receipt.modifiers().keySet());
    }
}
