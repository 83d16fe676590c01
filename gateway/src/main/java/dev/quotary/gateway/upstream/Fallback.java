package dev.quotary.gateway.upstream;

import java.util.Optional;

/**
 * Where a call goes that its own provider or model does not serve.
 *
 * @param models which calls are meant, by the model that they name; it may end in {@code *}
 * @param provider the other one, of the same API; may be the same
 * @param model the other one; empty for the same
 */
public record Fallback(String models, String provider, Optional<String> model, When when) {
    private static final String ANY = "*";

    /** What makes a call take it. */
    public enum When {
        /** The provider cannot be reached, does not answer in time, fails, refuses, or is left alone. */
        FAILURE,
        /** A limit of the call has passed a warning threshold. */
        SOFT_LIMIT
    }

    public Fallback {
        if (models.isBlank() || model.filter(String::isBlank).isPresent()) {
            throw new IllegalArgumentException("expected the name of a model, was blank");
        }
    }

    /** Whether it is for calls of this model. */
    public boolean serves(String asked) {
        return models.endsWith(ANY) ? asked.startsWith(models.substring(0, models.length() - 1)) : asked.equals(models);
    }
}
