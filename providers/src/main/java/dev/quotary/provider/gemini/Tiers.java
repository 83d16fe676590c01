package dev.quotary.provider.gemini;

import dev.quotary.price.ServiceTier;
import dev.quotary.provider.Served;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Gemini's {@code serviceTier}, and Vertex AI's {@code trafficType}: a wish in the request, what was served in the answer. */
final class Tiers {
    private Tiers() {}

    static Served served(Optional<String> model, Optional<String> tier) {
        return new Served(model, tier.map(Tiers::charged).orElse(ServiceTier.STANDARD), tier);
    }

    /** Capacity paid for in advance and off-peak discounts have no price of their own; they count at the standard one. */
    private static ServiceTier charged(String tier) {
        return switch (tier.toLowerCase(Locale.ROOT)) {
            case "flex", "on_demand_flex" -> ServiceTier.FLEX;
            case "priority", "on_demand_priority" -> ServiceTier.PRIORITY;
            case "batch" -> ServiceTier.BATCH;
            default -> ServiceTier.STANDARD;
        };
    }

    /**
     * The tiers that a request may be charged at. A wish for more speed may be served at standard speed, and at its price.
     *
     * @param byHeader whether the wish may stand in a header, too
     */
    static Set<ServiceTier> possible(Optional<String> wish, boolean byHeader) {
        if (byHeader) {
            return EnumSet.allOf(ServiceTier.class);
        }
        return switch (wish.orElse("standard").toLowerCase(Locale.ROOT)) {
            case "standard", "unspecified" -> EnumSet.of(ServiceTier.STANDARD);
            case "flex" -> EnumSet.of(ServiceTier.FLEX, ServiceTier.STANDARD);
            case "priority" -> EnumSet.of(ServiceTier.STANDARD, ServiceTier.PRIORITY);
            default -> EnumSet.allOf(ServiceTier.class);
        };
    }
}
