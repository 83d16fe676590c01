package dev.quotary.usage;

import dev.quotary.price.Modifier;
import dev.quotary.price.PartUsage;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import java.util.List;
import java.util.Set;

/**
 * What a call used, and under which circumstances: all that its price depends on but the model and the time.
 *
 * @param parts what other models used within it, at the same tier, and under those of the modifiers that they have
 */
public record Use(TokenUsage tokens, List<PartUsage> parts, ServiceTier tier, Set<Modifier> modifiers) {
    public Use {
        parts = List.copyOf(parts);
        modifiers = Set.copyOf(modifiers);
    }

    /** Of one model, at the standard tier. */
    public static Use of(TokenUsage tokens) {
        return new Use(tokens, List.of(), ServiceTier.STANDARD, Set.of());
    }

    /** All tokens of the prompts, those of the parts too. */
    public long totalInput() {
        long total = tokens.totalInput();
        for (var part : parts) {
            total = Math.addExact(total, part.tokens().totalInput());
        }
        return total;
    }

    /** All tokens written, those of the parts too. */
    public long totalOutput() {
        long total = tokens.totalOutput();
        for (var part : parts) {
            total = Math.addExact(total, part.tokens().totalOutput());
        }
        return total;
    }
}
