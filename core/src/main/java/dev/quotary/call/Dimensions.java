package dev.quotary.call;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a use can be broken down and filtered by. Absent dimensions are null; values have at most {@link #LENGTH_MAX} characters.
 *
 * @param others declared dimensions by name
 */
public record Dimensions(
        @Nullable String provider,
        @Nullable String model,
        @Nullable String feature,
        @Nullable String session,
        @Nullable String workflow,
        Map<String, String> others) {
    public static final Dimensions NONE = new Dimensions(null, null, null, null, null, Map.of());
    public static final int LENGTH_MAX = 256;
    public static final int OTHERS_MAX = 32;

    public Dimensions {
        check("provider", provider);
        check("model", model);
        check("feature", feature);
        check("session", session);
        check("workflow", workflow);
        others = Map.copyOf(others);
        if (others.size() > OTHERS_MAX) {
            throw new IllegalArgumentException("expected at most " + OTHERS_MAX + " dimensions, was " + others.size());
        }
        others.forEach((name, value) -> {
            check("a dimension's name", name);
            check(name, value);
        });
    }

    private static void check(String name, @Nullable String value) {
        if (value != null && (value.isEmpty() || value.length() > LENGTH_MAX)) {
            throw new IllegalArgumentException(
                    "expected " + name + " of 1.." + LENGTH_MAX + " characters, was " + value.length());
        }
    }

    /** The value of a dimension by its name; null where this use has none. */
    public @Nullable String of(String name) {
        return switch (name) {
            case "provider" -> provider;
            case "model" -> model;
            case "feature" -> feature;
            case "session" -> session;
            case "workflow" -> workflow;
            default -> others.get(name);
        };
    }

    /** The same dimensions at another provider or model. */
    public Dimensions at(@Nullable String newProvider, @Nullable String newModel) {
        return new Dimensions(newProvider, newModel, feature, session, workflow, others);
    }
}
