package dev.quotary.provider;

import dev.quotary.price.ServiceTier;
import java.util.Optional;

/**
 * What served a call, as the answer tells it: the model and tier whose prices apply.
 *
 * @param model the served model, often a dated snapshot of the one asked for
 * @param tier the tier charged
 * @param tierText the provider's own word for the tier, if it sent one
 */
public record Served(Optional<String> model, ServiceTier tier, Optional<String> tierText) {
    /** Of an answer that names nothing. */
    public static final Served UNNAMED = new Served(Optional.empty(), ServiceTier.STANDARD, Optional.empty());
}
