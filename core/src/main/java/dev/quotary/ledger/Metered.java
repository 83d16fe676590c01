package dev.quotary.ledger;

import dev.quotary.meter.Amounts;
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
 * @param parts what other models used within the call, each priced at its own model
 */
public record Metered(
        Amounts amounts, TokenUsage tokens, Optional<Receipt> receipt, Evidence evidence, List<MeteredPart> parts) {
    public Metered {
        parts = List.copyOf(parts);
    }

    /** Of one model alone, as nearly all calls. */
    public Metered(Amounts amounts, TokenUsage tokens, Optional<Receipt> receipt, Evidence evidence) {
        this(amounts, tokens, receipt, evidence, List.of());
    }
}
