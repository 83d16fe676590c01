package dev.quotary.price;

import dev.quotary.money.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arithmetic of one cost: each quantity times its price, and the sum.
 *
 * <p>The lines are exact. Their sum is rounded half up to whole picodollars, once; no other place in the product rounds a cost.
 *
 * @param priceRow id of the {@link PriceRow}
 * @param tier the service tier that the provider served
 * @param priceTier the tier whose prices were applied; {@link ServiceTier#STANDARD} where the row has none for {@code tier}
 * @param longContext whether the prices for a long prompt were applied
 * @param modifiers what applied, and the factor that the prices of tokens are already multiplied by in the lines
 * @param adjustment the product of the discounts and mark-ups that the unit prices are already multiplied by; 1 for none
 * @param lines one for each component that was used at a price other than 0, in the order of {@link Component}
 * @param total the rounded sum of the lines
 */
public record Receipt(
        String priceRow,
        ServiceTier tier,
        ServiceTier priceTier,
        boolean longContext,
        Map<Modifier, BigDecimal> modifiers,
        BigDecimal adjustment,
        List<Line> lines,
        Money total) {
    private static final BigDecimal TOTAL_MAX = Money.MAX.dollars();

    public Receipt {
        var factors = new EnumMap<Modifier, BigDecimal>(Modifier.class);
        factors.putAll(modifiers);
        modifiers = Collections.unmodifiableMap(factors);
        adjustment = UnitPrices.plain(adjustment);
        lines = List.copyOf(lines);
        var sum = total(lines);
        if (!sum.equals(Optional.of(total))) {
            throw new IllegalArgumentException("expected a total of " + sum + ", was " + total);
        }
    }

    /** The sum of lines, rounded; empty where {@link Money} cannot hold it. */
    static Optional<Money> total(List<Line> lines) {
        var sum = lines.stream().map(Line::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
        return sum.setScale(Money.SCALE, RoundingMode.HALF_UP).compareTo(TOTAL_MAX) > 0
                ? Optional.empty()
                : Optional.of(Money.rounded(sum));
    }

    /**
     * One product. Both decimals are without trailing zeros and without an exponent.
     *
     * @param quantity units used, 0 or more
     * @param unitPrice US dollars per unit
     * @param amount {@code quantity} times {@code unitPrice} in US dollars, not rounded
     */
    public record Line(Component component, long quantity, BigDecimal unitPrice, BigDecimal amount) {
        public Line {
            unitPrice = UnitPrices.plain(unitPrice);
            amount = UnitPrices.plain(amount);
            if (quantity < 0
                    || unitPrice.signum() < 0
                    || unitPrice.multiply(BigDecimal.valueOf(quantity)).compareTo(amount) != 0) {
                throw new IllegalArgumentException("expected " + component.key() + " of 0 or more, and an amount of "
                        + quantity + " * " + unitPrice.toPlainString() + ", was " + amount.toPlainString());
            }
        }
    }
}
