package dev.quotary.gateway.upstream;

import java.util.Objects;

/** A secret text that does not show itself. */
public final class Secret {
    private final String text;

    public Secret(String text) {
        this.text = Objects.requireNonNull(text);
    }

    /** The secret itself; for the header that carries it, and nothing else. */
    String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "***";
    }
}
