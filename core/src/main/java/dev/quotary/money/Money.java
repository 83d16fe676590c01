package dev.quotary.money;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A non-negative amount of US dollars, in whole picodollars (10<sup>-12</sup> USD).
 *
 * <p>A {@code long} of picodollars reaches 9,223,372.036854775807 USD; arithmetic beyond that throws {@link ArithmeticException}.
 *
 * @param picos picodollars, 0 or more
 */
public record Money(long picos) implements Comparable<Money> {
    /** Decimal places of one dollar that this type keeps. */
    public static final int SCALE = 12;

    private static final long PICOS_PER_DOLLAR = 1_000_000_000_000L;

    public static final Money ZERO = new Money(0);
    public static final Money MAX = new Money(Long.MAX_VALUE);

    public Money {
        if (picos < 0) {
            throw new IllegalArgumentException("money must not be negative, was " + picos + " picodollars");
        }
    }

    /**
     * The amount of a decimal number of dollars, which must fit without rounding.
     *
     * @throws IllegalArgumentException if {@code dollars} is negative, over {@link #MAX}, or has more than {@link #SCALE} decimals
     */
    public static Money ofDollars(BigDecimal dollars) {
        if (dollars.signum() < 0) {
            throw new IllegalArgumentException("expected an amount of 0 or more, was " + dollars);
        }
        if (dollars.precision() - dollars.scale() > SCALE
                || dollars.stripTrailingZeros().scale() > SCALE) {
            throw new IllegalArgumentException("expected at most 9223372 USD with at most " + SCALE + " decimals");
        }
        try {
            return new Money(dollars.movePointRight(SCALE).longValueExact());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("expected at most 9223372 USD with at most " + SCALE + " decimals", e);
        }
    }

    /** Reads decimal text such as {@code "0.0105"}; see {@link #ofDollars}. */
    public static Money parse(String dollars) {
        if (dollars.length() > 40) {
            throw new IllegalArgumentException("expected a decimal number of dollars of at most 40 characters");
        }
        try {
            return ofDollars(new BigDecimal(dollars));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a decimal number of dollars, was '" + dollars + "'", e);
        }
    }

    /** Rounds half up to whole picodollars; for use where a price is applied, and nowhere else. */
    public static Money rounded(BigDecimal dollars) {
        return ofDollars(dollars.setScale(SCALE, RoundingMode.HALF_UP));
    }

    /** Rounds up to whole picodollars; for upper bounds. */
    public static Money roundedUp(BigDecimal dollars) {
        return ofDollars(dollars.setScale(SCALE, RoundingMode.CEILING));
    }

    /** @throws ArithmeticException if the sum is over {@link #MAX} */
    public Money plus(Money other) {
        return new Money(Math.addExact(picos, other.picos));
    }

    public BigDecimal dollars() {
        return BigDecimal.valueOf(picos, SCALE);
    }

    /** Plain decimal dollars without trailing zeros, such as {@code 0.0105}. */
    @Override
    public String toString() {
        long whole = picos / PICOS_PER_DOLLAR;
        long rest = picos % PICOS_PER_DOLLAR;
        if (rest == 0) {
            return Long.toString(whole);
        }
        // By hand, as every answer shows several amounts: BigDecimal takes ten times as long.
        var digits = Long.toString(PICOS_PER_DOLLAR + rest);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return new StringBuilder()
                .append(whole)
                .append('.')
                .append(digits, 1, end)
                .toString();
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(picos, other.picos);
    }
}
