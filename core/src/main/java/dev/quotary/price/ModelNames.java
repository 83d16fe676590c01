package dev.quotary.price;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the model of one call is called.
 *
 * @param provider the provider's name, such as {@code openai}
 * @param requested the model that the caller named
 * @param served the model that the provider says it served, often a snapshot such as {@code gpt-4-0613}; null before the answer, and
 *     where it does not say
 */
public record ModelNames(
        String provider, String requested, @Nullable String served) {
    /** The names before the answer. */
    public static ModelNames requested(String provider, String requested) {
        return new ModelNames(provider, requested, null);
    }

    /** The names of a call of which some may be missing; empty where the provider is, or both models are. */
    public static Optional<ModelNames> of(
            @Nullable String provider, @Nullable String requested, @Nullable String served) {
        var name = requested == null ? served : requested;
        return provider == null || name == null
                ? Optional.empty()
                : Optional.of(new ModelNames(provider, name, served));
    }

    /** The model that served, where that is another than was asked for. */
    public Optional<String> servedOther() {
        return Optional.ofNullable(served).filter(name -> !name.equals(requested));
    }

    /** The names once the answer tells them. */
    public ModelNames servedAs(@Nullable String name) {
        return new ModelNames(provider, requested, name);
    }
}
