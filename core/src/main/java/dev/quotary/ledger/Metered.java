package dev.quotary.ledger;

import dev.quotary.meter.Amounts;
import dev.quotary.money.Money;
import dev.quotary.price.Receipt;
import dev.quotary.price.TokenUsage;
import java.util.List;
import java.util.Optional;

/**
 * What a call used and what it cost.
 *
 * @param amounts what limits count, parts included
 * @param tokens the disjoint buckets that were priced; {@link TokenUsage#NONE} where only amounts are known
 * @param receipt how the cost of these came about; empty where the caller named the cost or nothing was priced
 * @param facts how the cost came about
 * @param parts what other models used within the call, each priced at its own model
 */
public record Metered(
        Amounts amounts,
        TokenUsage tokens,
        Optional<Receipt> receipt,
        Evidence evidence,
        List<MeteredPart> parts,
        CostFacts facts) {
    public Metered {
        parts = List.copyOf(parts);
        facts = receipt.isPresent() ? facts.as(receipt.get()) : facts;
    }

    /** Of one model alone, priced by the receipt if there is one. */
    public Metered(Amounts amounts, TokenUsage tokens, Optional<Receipt> receipt, Evidence evidence) {
        this(amounts, tokens, receipt, evidence, List.of(), receipt.isPresent() ? CostFacts.BOOK : CostFacts.UNTOLD);
    }

    /** What the call cost the operator. */
    public Money providerCost() {
        return facts.providerCost().orElse(amounts.cost());
    }
}
