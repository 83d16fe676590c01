package dev.quotary.provider.anthropic;

import dev.quotary.price.Modifier;
import dev.quotary.price.ServiceTier;
import dev.quotary.provider.Served;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** {@code service_tier}, {@code speed} and {@code inference_geo}: wishes in a request, in the answer what was charged. */
final class ServedAs {
    private ServedAs() {}

    static Served of(Optional<String> model, Optional<String> tier, Optional<String> speed, Optional<String> geo) {
        var modifiers = EnumSet.noneOf(Modifier.class);
        if (speed.filter("fast"::equals).isPresent()) {
            modifiers.add(Modifier.FAST);
        }
        if (geo.filter("us"::equals).isPresent()) {
            modifiers.add(Modifier.REGION_US);
        }
        return new Served(model, tier.map(ServedAs::charged).orElse(ServiceTier.STANDARD), tier, modifiers);
    }

    /** Of an answer without usage. */
    static Served unknown(Optional<String> model) {
        return of(model, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static ServiceTier charged(String tier) {
        return switch (tier) {
            case "priority" -> ServiceTier.PRIORITY;
            case "batch" -> ServiceTier.BATCH;
            default -> ServiceTier.STANDARD;
        };
    }

    /** Without a wish, or with {@code auto}, capacity bought in advance is used if there is any, which the gateway cannot see. */
    static Set<ServiceTier> tiersPossible(Optional<String> wish) {
        return switch (wish.orElse("auto")) {
            case "standard_only" -> EnumSet.of(ServiceTier.STANDARD);
            case "auto" -> EnumSet.of(ServiceTier.STANDARD, ServiceTier.PRIORITY);
            default -> EnumSet.allOf(ServiceTier.class);
        };
    }

    /** Without a wish for a region the workspace has one, which the gateway cannot see either. */
    static Set<Modifier> modifiersPossible(Optional<String> speed, Optional<String> geo) {
        var possible = EnumSet.noneOf(Modifier.class);
        if (speed.filter(wish -> !wish.equals("standard")).isPresent()) {
            possible.add(Modifier.FAST);
        }
        if (geo.filter("global"::equals).isEmpty()) {
            possible.add(Modifier.REGION_US);
        }
        return possible;
    }
}
