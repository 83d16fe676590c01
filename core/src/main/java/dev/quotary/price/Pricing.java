package dev.quotary.price;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The answer to what a usage costs at a {@link PriceRow}. */
public sealed interface Pricing {
    /** It costs what the receipt says. */
    record Priced(Receipt receipt) implements Pricing {}

    /**
     * The row has no price for something that was used, and guessing one would bill it wrongly, so there is no cost at all.
     *
     * @param components what was used and has no price; at least one
     */
    record Unpriced(Set<Component> components) implements Pricing {
        public Unpriced {
            if (components.isEmpty()) {
                throw new IllegalArgumentException("expected at least one component without a price");
            }
            components = Collections.unmodifiableSet(EnumSet.copyOf(components));
        }
    }

    /** The cost is over {@link dev.quotary.money.Money#MAX}; only a broken count of tokens comes here. */
    record OverMaximum() implements Pricing {}
}
