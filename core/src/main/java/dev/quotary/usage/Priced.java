package dev.quotary.usage;

import dev.quotary.ledger.CostBasis;
import dev.quotary.ledger.CostFacts;
import dev.quotary.ledger.MeteredPart;
import dev.quotary.money.Money;
import dev.quotary.price.ModelNames;
import dev.quotary.price.Receipt;
import dev.quotary.price.TokenUsage;
import java.util.List;
import java.util.Optional;

/**
 * What a call costs by the price book.
 *
 * @param known whether the called model is in the book; where it is and there is no cost all the same, something that was used has no price
 * @param tokens the buckets of the called model as they were priced
 * @param receipt of the called model; empty where it could not be priced
 * @param parts of the other models
 * @param operatorCost what the operator pays, where the organization has prices of its own and both could be told
 */
public record Priced(
        boolean known,
        TokenUsage tokens,
        Optional<Receipt> receipt,
        List<MeteredPart> parts,
        Optional<Money> operatorCost) {
    public Priced {
        parts = List.copyOf(parts);
    }

    Priced costingTheOperator(Optional<Money> cost) {
        return new Priced(known, tokens, receipt, parts, cost);
    }

    /** All of it; empty where any of it could not be priced, or the sum is over {@link Money#MAX}. */
    public Optional<Money> cost() {
        if (receipt.isEmpty()) {
            return Optional.empty();
        }
        long picos = receipt.get().total().picos();
        for (var part : parts) {
            if (part.receipt().isEmpty()) {
                return Optional.empty();
            }
            picos += part.receipt().get().total().picos();
            if (picos < 0) {
                return Optional.empty();
            }
        }
        return Optional.of(new Money(picos));
    }

    /**
     * How the cost of a call that was priced here came about.
     *
     * @param cost what is charged for it
     * @param otherwise the basis where it could not be priced
     */
    public CostFacts facts(Optional<ModelNames> names, Use use, Money cost, CostBasis otherwise) {
        return new CostFacts(
                cost().isPresent() ? CostBasis.BOOK : otherwise,
                operatorCost.filter(own -> !own.equals(cost)),
                names.flatMap(ModelNames::servedOther),
                use.tier(),
                use.modifiers());
    }

    /**
     * The same where the provider said what the call costs.
     *
     * @param cost what is charged for it
     * @param stated what the provider said
     */
    public CostFacts stated(Optional<ModelNames> names, Use use, Money cost, Money stated) {
        return new CostFacts(
                CostBasis.PROVIDER,
                Optional.of(stated).filter(own -> !own.equals(cost)),
                names.flatMap(ModelNames::servedOther),
                use.tier(),
                use.modifiers());
    }
}
