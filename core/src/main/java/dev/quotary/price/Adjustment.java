package dev.quotary.price;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * A discount or a mark-up: by how much all prices of some models change, fees included.
 *
 * @param provider the provider's name; empty for all of them
 * @param model the model's exact name, or the beginning of its name with a {@code *} behind it
 * @param percent above 0 for a mark-up, below for a discount; -100 to {@link #PERCENT_MAX}, at most {@link #DECIMALS_MAX} decimals
 */
public record Adjustment(Optional<String> provider, String model, PricePeriod period, BigDecimal percent) {
    public static final BigDecimal PERCENT_MAX = BigDecimal.valueOf(10_000);
    public static final int DECIMALS_MAX = 4;

    private static final BigDecimal PERCENT_MIN = BigDecimal.valueOf(-100);
    private static final int PERCENT_SHIFT = 2;

    public Adjustment {
        percent = UnitPrices.plain(percent);
        if (percent.compareTo(PERCENT_MIN) < 0
                || percent.compareTo(PERCENT_MAX) > 0
                || percent.scale() > DECIMALS_MAX) {
            throw new IllegalArgumentException("expected a percentage of -100.." + PERCENT_MAX + " with at most "
                    + DECIMALS_MAX + " decimals, was " + percent);
        }
        var _ = new ModelPattern(provider.orElse("any"), model);
    }

    /** What prices are multiplied by: exact. */
    public BigDecimal factor() {
        return UnitPrices.plain(percent.movePointLeft(PERCENT_SHIFT).add(BigDecimal.ONE));
    }

    private boolean exact() {
        return !model.endsWith("*");
    }

    private String prefix() {
        return exact() ? model : model.substring(0, model.length() - 1);
    }

    boolean matches(String ofProvider, String name) {
        return (provider.isEmpty() || provider.get().equals(ofProvider))
                && (exact() ? name.equals(model) : name.startsWith(prefix()));
    }

    /** Exact names before beginnings, longer beginnings before shorter ones, a named provider before all of them. */
    static int closestFirst(Adjustment one, Adjustment other) {
        int order = Boolean.compare(other.exact(), one.exact());
        order = order == 0
                ? Integer.compare(other.prefix().length(), one.prefix().length())
                : order;
        return order == 0 ? Boolean.compare(other.provider.isPresent(), one.provider.isPresent()) : order;
    }
}
