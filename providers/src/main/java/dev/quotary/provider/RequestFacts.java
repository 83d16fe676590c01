package dev.quotary.provider;

import dev.quotary.price.Component;
import dev.quotary.price.Fees;
import dev.quotary.price.Modifier;
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
 * @param modifiers everything else that the provider may multiply its prices for
 * @param feesMax the most of each fee that the call may use, as far as that is known
 * @param otherModels models that may do a part of the call, or all of it in place of {@code model}, within the same bounds
 * @param user the client's own name for its end user, if it sent one
 * @param toolFees whether the provider may charge for more than tokens and {@code feesMax}
 */
public record RequestFacts(
        String model,
        Streaming streaming,
        InputBound input,
        OutputBound output,
        Set<Component> components,
        Set<ServiceTier> tiers,
        Set<Modifier> modifiers,
        Fees feesMax,
        Set<String> otherModels,
        Optional<String> user,
        boolean toolFees) {
    public RequestFacts {
        if (model.isBlank()) {
            throw new IllegalArgumentException("expected the name of a model, was blank");
        }
        components = Set.copyOf(components);
        tiers = Set.copyOf(tiers);
        modifiers = Set.copyOf(modifiers);
        otherModels = Set.copyOf(otherModels);
    }

    /** Of a call that one model does. */
    public RequestFacts(
            String model,
            Streaming streaming,
            InputBound input,
            OutputBound output,
            Set<Component> components,
            Set<ServiceTier> tiers,
            Set<Modifier> modifiers,
            Fees feesMax,
            Optional<String> user,
            boolean toolFees) {
        this(model, streaming, input, output, components, tiers, modifiers, feesMax, Set.of(), user, toolFees);
    }

    /** The same where other models may do a part. */
    public RequestFacts withOtherModels(Set<String> others) {
        return new RequestFacts(
                model, streaming, input, output, components, tiers, modifiers, feesMax, others, user, toolFees);
    }

    /** The same with another bound of the input. */
    public RequestFacts withInput(InputBound other) {
        return new RequestFacts(
                model, streaming, other, output, components, tiers, modifiers, feesMax, otherModels, user, toolFees);
    }

    /** The most that this call may use if each choice may write so many tokens: what has to be held for it. */
    public UsageBound usageBound(long perChoiceMax) {
        long written = Math.min(output.tokensMax(perChoiceMax), TokenUsage.TOKENS_MAX);
        long read = Math.min(input.tokensMax(), TokenUsage.TOKENS_MAX);
        return new UsageBound(read, written, components, tiers, modifiers, feesMax);
    }
}
