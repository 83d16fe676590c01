package dev.quotary.provider;

import dev.quotary.price.Modifier;
import dev.quotary.price.ServiceTier;
import java.util.Optional;
import java.util.Set;

/**
 * What served a call, as the answer tells it: the model and tier whose prices apply.
 *
 * @param model the served model, often a dated snapshot of the one asked for
 * @param tier the tier charged
 * @param tierText the provider's own word for the tier, if it sent one
 * @param modifiers what else the prices depend on, such as a region or a faster mode
 */
public record Served(Optional<String> model, ServiceTier tier, Optional<String> tierText, Set<Modifier> modifiers) {
    /** Of an answer that names nothing. */
    public static final Served UNNAMED = new Served(Optional.empty(), ServiceTier.STANDARD, Optional.empty());

    public Served {
        modifiers = Set.copyOf(modifiers);
    }

    /** At the model's plain prices. */
    public Served(Optional<String> model, ServiceTier tier, Optional<String> tierText) {
        this(model, tier, tierText, Set.of());
    }
}
