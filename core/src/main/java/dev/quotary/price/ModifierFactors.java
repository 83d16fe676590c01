package dev.quotary.price;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * By what a price row multiplies its prices of tokens under each {@link Modifier} that it knows. Fees are never multiplied.
 *
 * @param factors over 0 to {@link #FACTOR_MAX}, at most {@link #DECIMALS_MAX} decimals; in the order of {@link Modifier}
 */
public record ModifierFactors(Map<Modifier, BigDecimal> factors) {
    public static final ModifierFactors NONE = new ModifierFactors(Map.of());

    /** Largest factor. */
    public static final BigDecimal FACTOR_MAX = BigDecimal.valueOf(100);

    /** Most decimals of a factor: three of them and a list price stay within those of {@link UnitPrices}. */
    public static final int DECIMALS_MAX = 3;

    public ModifierFactors {
        var copy = new EnumMap<Modifier, BigDecimal>(Modifier.class);
        factors.forEach((modifier, factor) -> copy.put(modifier, checked(modifier, factor)));
        factors = Collections.unmodifiableMap(copy);
    }

    private static BigDecimal checked(Modifier modifier, BigDecimal factor) {
        if (factor.signum() <= 0 || factor.compareTo(FACTOR_MAX) > 0 || factor.scale() > DECIMALS_MAX) {
            throw new IllegalArgumentException("expected a factor over 0 to " + FACTOR_MAX + " with at most "
                    + DECIMALS_MAX + " decimals for " + modifier.key() + ", was " + factor);
        }
        return UnitPrices.plain(factor);
    }

    /** Whether no modifier is known. */
    public boolean none() {
        return factors.isEmpty();
    }

    /** Those of the modifiers that have no factor here. */
    Set<Modifier> undeclared(Set<Modifier> modifiers) {
        var undeclared = EnumSet.noneOf(Modifier.class);
        undeclared.addAll(modifiers);
        undeclared.removeAll(factors.keySet());
        return undeclared;
    }

    /** The factors of some modifiers, all of which have one. */
    Map<Modifier, BigDecimal> of(Set<Modifier> modifiers) {
        var applied = new EnumMap<Modifier, BigDecimal>(Modifier.class);
        applied.putAll(factors);
        applied.keySet().retainAll(modifiers);
        return applied;
    }

    /** The product of the factors of some modifiers. */
    BigDecimal product(Set<Modifier> modifiers) {
        return of(modifiers).values().stream().reduce(BigDecimal.ONE, BigDecimal::multiply);
    }

    /** Every combination of modifiers that has a factor, but the empty one. */
    List<Set<Modifier>> combinations() {
        var combinations = new ArrayList<Set<Modifier>>();
        for (var modifier : factors.keySet()) {
            for (var smaller : List.copyOf(combinations)) {
                var larger = EnumSet.copyOf(smaller);
                larger.add(modifier);
                combinations.add(larger);
            }
            combinations.add(EnumSet.of(modifier));
        }
        return combinations;
    }
}
