package dev.quotary.provider.openai;

import dev.quotary.price.ServiceTier;
import dev.quotary.provider.Served;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** OpenAI's {@code service_tier}: a wish in the request, what was charged in the answer. */
public final class Tiers {
    private Tiers() {}

    public static Served served(Optional<String> model, Optional<String> tier) {
        return new Served(model, tier.map(Tiers::charged).orElse(ServiceTier.STANDARD), tier);
    }

    /**
     * {@code scale} is capacity paid for in advance; its tokens have no price of their own, so they count at the standard one.
     * {@code ultrafast} has no price yet that is known, and counts at the dearest that is.
     */
    private static ServiceTier charged(String tier) {
        return switch (tier) {
            case "flex" -> ServiceTier.FLEX;
            case "priority", "fast", "ultrafast" -> ServiceTier.PRIORITY;
            case "batch" -> ServiceTier.BATCH;
            default -> ServiceTier.STANDARD;
        };
    }

    /**
     * The tiers that a request may be charged at. Without a wish, or with {@code auto}, the project's settings decide, which the gateway
     * cannot see; a wish for more speed may be served at standard speed, and at its price.
     */
    public static Set<ServiceTier> possible(Optional<String> wish) {
        return switch (wish.orElse("auto")) {
            case "default", "scale" -> EnumSet.of(ServiceTier.STANDARD);
            case "flex" -> EnumSet.of(ServiceTier.FLEX, ServiceTier.STANDARD);
            case "auto", "priority", "fast", "ultrafast" -> EnumSet.of(ServiceTier.STANDARD, ServiceTier.PRIORITY);
            default -> EnumSet.allOf(ServiceTier.class);
        };
    }
}
