package dev.quotary.price;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * The declared prices of one service tier.
 *
 * @param normal prices of a request whose prompt is within the long-context threshold, or of every request where there is none
 * @param longContext prices of a whole request whose prompt is over the threshold; empty where none were declared
 */
public record TierPrices(UnitPrices normal, Optional<UnitPrices> longContext) {
    /** Prices that hold whatever the length of the prompt. */
    public static TierPrices of(UnitPrices prices) {
        return new TierPrices(prices, Optional.empty());
    }

    /** Prices that differ above a threshold. */
    public static TierPrices of(UnitPrices normal, UnitPrices longContext) {
        return new TierPrices(normal, Optional.of(longContext));
    }

    /** Every price times an exact factor. */
    TierPrices times(BigDecimal factor) {
        return longContext.isPresent()
                ? of(normal.times(factor), longContext.get().times(factor))
                : of(normal.times(factor));
    }

    boolean free() {
        return normal.free() && (longContext.isEmpty() || longContext.get().free());
    }
}
