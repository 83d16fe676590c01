package dev.quotary.price;

import java.math.BigDecimal;

/**
 * The price that applies to one component, prepared for multiplication in a {@code long}.
 *
 * <p>A price of d dollars per 1,000,000 units is d * 10<sup>9</sup> femtodollars (10<sup>-15</sup> USD) per unit. All published
 * prices are whole numbers of them, so a product of longs is exact up to {@code countMax} units; beyond, and for finer prices,
 * {@link BigDecimal} takes over.
 *
 * @param perMillion US dollars per 1,000,000 units
 * @param femtos femtodollars per unit; 0 where that is no whole number
 * @param countMax most units for which {@code count * femtos} is exact and {@link #TERMS_MAX} such products add up in a long
 */
record UnitPrice(BigDecimal perMillion, long femtos, long countMax) {
    /** Femtodollars in a picodollar. */
    static final long FEMTOS_PER_PICO = 1000;

    /** Decimal places between dollars per 1,000,000 units and femtodollars per unit. */
    private static final int FEMTOS_SHIFT = 9;

    private static final int MILLION_SHIFT = 6;

    /** How many products are ever added; one more than there are components leaves room for rounding. */
    private static final int TERMS_MAX = Component.values().length + 1;

    static UnitPrice of(BigDecimal perMillion) {
        if (perMillion.signum() == 0) {
            return new UnitPrice(BigDecimal.ZERO, 0, Long.MAX_VALUE);
        }
        if (perMillion.scale() > FEMTOS_SHIFT) {
            return new UnitPrice(perMillion, 0, 0);
        }
        long femtos = perMillion.movePointRight(FEMTOS_SHIFT).longValueExact();
        return new UnitPrice(perMillion, femtos, Long.MAX_VALUE / TERMS_MAX / femtos);
    }

    /** US dollars per unit. */
    BigDecimal perUnit() {
        return UnitPrices.plain(perMillion.movePointLeft(MILLION_SHIFT));
    }

    /** US dollars for so many units, exact. */
    BigDecimal amount(long count) {
        return perMillion.multiply(BigDecimal.valueOf(count)).movePointLeft(MILLION_SHIFT);
    }
}
