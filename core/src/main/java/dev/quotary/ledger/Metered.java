package dev.quotary.ledger;

import dev.quotary.meter.Amounts;
import dev.quotary.price.Receipt;
import dev.quotary.price.TokenUsage;
import java.util.Optional;

/**
 * What a call used and what it cost.
 *
 * @param amounts what limits count
 * @param tokens the disjoint buckets that were priced; {@link TokenUsage#NONE} where only amounts are known
 * @param receipt how the cost came about; empty where the caller named the cost or nothing was priced
 */
public record Metered(Amounts amounts, TokenUsage tokens, Optional<Receipt> receipt, Evidence evidence) {}
