package dev.quotary.price;

import java.util.Set;

/** The answer to what a usage costs at a {@link PriceRow}. */
public sealed interface Pricing {
    /** It costs what the receipt says. */
    record Priced(Receipt receipt) implements Pricing {}

    /**
     * The row has no price for something that was used, and guessing one would bill it wrongly, so there is no cost at all.
     *
     * @param components what was used and has no price
     * @param modifiers what the price depends on and has no factor; at least one of either
     */
    record Unpriced(Set<Component> components, Set<Modifier> modifiers) implements Pricing {
        public Unpriced {
            if (components.isEmpty() && modifiers.isEmpty()) {
                throw new IllegalArgumentException("expected at least one component or modifier without a price");
            }
            components = Set.copyOf(components);
            modifiers = Set.copyOf(modifiers);
        }

        /** Where every modifier has a factor. */
        public Unpriced(Set<Component> components) {
            this(components, Set.of());
        }
    }

    /** The cost is over {@link dev.quotary.money.Money#MAX}; only a broken count of tokens comes here. */
    record OverMaximum() implements Pricing {}
}
