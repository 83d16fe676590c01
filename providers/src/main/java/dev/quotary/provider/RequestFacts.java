package dev.quotary.provider;

import dev.quotary.price.Component;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import dev.quotary.price.UsageBound;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a call before it is made.
 *
 * @param model the model that was asked for, as the client wrote it
 * @param input the bound of what will be read
 * @param output the bound of what may be written
 * @param components every kind of token that the answer may report
 * @param tiers every service tier the provider may serve and charge this call at
 * @param user the client's own name for its end user, if it sent one
 * @param toolFees whether the provider may charge for more than tokens, such as for web searches
 */
public record RequestFacts(
        String model,
        Streaming streaming,
        InputBound input,
        OutputBound output,
        Set<Component> components,
        Set<ServiceTier> tiers,
        Optional<String> user,
        boolean toolFees) {
    public RequestFacts {
        if (model.isBlank()) {
            throw new IllegalArgumentException("expected the name of a model, was blank");
        }
        components = Set.copyOf(components);
        tiers = Set.copyOf(tiers);
    }

    /** The most that this call may use if each choice may write so many tokens: what has to be held for it. */
    public UsageBound usageBound(long perChoiceMax) {
        long written = Math.min(output.tokensMax(perChoiceMax), TokenUsage.TOKENS_MAX);
        return new UsageBound(Math.min(input.tokensMax(), TokenUsage.TOKENS_MAX), written, components, tiers);
    }
}
