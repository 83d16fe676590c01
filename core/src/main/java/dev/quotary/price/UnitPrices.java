package dev.quotary.price;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The prices that somebody has declared for one service tier and one context class, in US dollars per 1,000,000 units.
 *
 * <p>A component that is absent has no declared price, which is not a price of 0; what it costs then is decided by {@link PriceTable}.
 *
 * @param perMillion price per 1,000,000 units by component; 0 to {@link #PRICE_MAX}, at most {@link #DECIMALS_MAX} decimals
 */
public record UnitPrices(Map<Component, BigDecimal> perMillion) {
    /** Largest price of 1,000,000 units in US dollars: 1,000 a unit. */
    public static final BigDecimal PRICE_MAX = BigDecimal.valueOf(1_000_000_000);

    /** Most decimals of a price per 1,000,000 units: enough for any list price times a few factors. */
    public static final int DECIMALS_MAX = 18;

    private static final int TEXT_MAX = 40;

    public UnitPrices {
        var copy = new EnumMap<Component, BigDecimal>(Component.class);
        perMillion.forEach((component, price) -> copy.put(component, checked(component, price)));
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("expected the price of at least one component");
        }
        perMillion = Collections.unmodifiableMap(copy);
    }

    /**
     * Reads the decimal text of a price, such as {@code "2.5"}.
     *
     * @throws IllegalArgumentException if it is no decimal number, negative, or longer than 40 characters
     */
    public static BigDecimal price(String text) {
        if (text.length() > TEXT_MAX) {
            throw new IllegalArgumentException("expected a price of at most " + TEXT_MAX + " characters");
        }
        try {
            var price = new BigDecimal(text);
            if (price.signum() < 0) {
                throw new IllegalArgumentException("expected a price of 0 or more, was " + price);
            }
            return price;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a decimal price in US dollars, was '" + text + "'", e);
        }
    }

    /** The declared price of 1,000,000 units; empty where none was declared. */
    public Optional<BigDecimal> of(Component component) {
        return Optional.ofNullable(perMillion.get(component));
    }

    /**
     * Every price of tokens times an exact factor, such as 0.5 for a batch; the prices of fees as they are, since what a tool costs does
     * not depend on when the model answers.
     *
     * @throws IllegalArgumentException if a product is negative, too large, or has too many decimals
     */
    public UnitPrices times(BigDecimal factor) {
        var products = new EnumMap<Component, BigDecimal>(Component.class);
        perMillion.forEach(
                (component, price) -> products.put(component, component.token() ? price.multiply(factor) : price));
        return new UnitPrices(products);
    }

    /** These prices, and those of others for the components that have none here. */
    UnitPrices orElse(Map<Component, BigDecimal> others) {
        var all = new EnumMap<Component, BigDecimal>(Component.class);
        all.putAll(others);
        all.putAll(perMillion);
        return new UnitPrices(all);
    }

    /** Whether every declared price is 0. */
    public boolean free() {
        return perMillion.values().stream().allMatch(price -> price.signum() == 0);
    }

    /** The same number without trailing zeros and without an exponent, so that equal prices are equal records. */
    public static BigDecimal plain(BigDecimal number) {
        var stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** Looks at sign and exponent first: a number such as 1E+999999999 must never be written out. */
    private static BigDecimal checked(Component component, BigDecimal price) {
        if (price.signum() < 0 || price.compareTo(PRICE_MAX) > 0) {
            throw new IllegalArgumentException("expected a price of 0.." + PRICE_MAX + " per 1,000,000 "
                    + component.key() + " units, was " + price);
        }
        var plain = plain(price);
        if (plain.scale() > DECIMALS_MAX) {
            throw new IllegalArgumentException("expected at most " + DECIMALS_MAX + " decimals in the price of "
                    + component.key() + ", was " + price);
        }
        return plain;
    }
}
