package dev.quotary.usage;

import dev.quotary.ledger.MeteredPart;
import dev.quotary.money.Money;
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
 */
public record Priced(boolean known, TokenUsage tokens, Optional<Receipt> receipt, List<MeteredPart> parts) {
    public Priced {
        parts = List.copyOf(parts);
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
}
