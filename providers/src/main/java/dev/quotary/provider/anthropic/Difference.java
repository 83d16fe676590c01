package dev.quotary.provider.anthropic;

import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;

/** What is left of a usage without a part of it. */
final class Difference {
    private Difference() {}

    /** @throws IllegalArgumentException if it is no part of it */
    static TokenUsage of(TokenUsage all, TokenUsage part) {
        long written = all.output() - part.output();
        // Which part reasoned is not always told; it has no price of its own.
        var left = TokenUsage.builder().reasoning(Math.min(all.reasoning(), Math.max(written, 0)));
        for (var component : Component.values()) {
            left.set(component, all.of(component) - part.of(component));
        }
        return left.build();
    }
}
