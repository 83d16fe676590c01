package dev.quotary.price;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The most that a call may use, known before it is made: how many tokens, of which kinds, at which service tiers.
 *
 * @param input most tokens of the prompt, of all kinds together; 0 to {@link TokenUsage#TOKENS_MAX}
 * @param output most tokens written, of all kinds together; 0 to {@link TokenUsage#TOKENS_MAX}
 * @param components the kinds that may occur
 * @param tiers the tiers that the provider may serve and charge the call at; at least one
 */
public record UsageBound(long input, long output, Set<Component> components, Set<ServiceTier> tiers) {
    public UsageBound {
        check("input", input);
        check("output", output);
        if (tiers.isEmpty()) {
            throw new IllegalArgumentException("expected at least one service tier");
        }
        components = Collections.unmodifiableSet(
                components.isEmpty() ? EnumSet.noneOf(Component.class) : EnumSet.copyOf(components));
        tiers = Collections.unmodifiableSet(EnumSet.copyOf(tiers));
    }

    /** So many tokens, of any kind, at any tier. */
    public static UsageBound of(long input, long output) {
        return new UsageBound(input, output, EnumSet.allOf(Component.class), EnumSet.allOf(ServiceTier.class));
    }

    /** The same where the tiers that may be charged are known, such as all but {@link ServiceTier#PRIORITY}. */
    public UsageBound servedAt(Set<ServiceTier> possible) {
        return new UsageBound(input, output, components, possible);
    }

    /** The same for a call in which some kinds cannot occur, such as audio, or cache writes that it does not ask for. */
    public UsageBound without(Set<Component> impossible) {
        var possible = EnumSet.noneOf(Component.class);
        possible.addAll(components);
        possible.removeAll(impossible);
        return new UsageBound(input, output, possible, tiers);
    }

    /** The most units of one component: all of its side may be of this kind. */
    long of(Component component) {
        return component.prompt() ? input : output;
    }

    private static void check(String side, long tokens) {
        if (tokens < 0 || tokens > TokenUsage.TOKENS_MAX) {
            throw new IllegalArgumentException(
                    "expected at most 0.." + TokenUsage.TOKENS_MAX + " " + side + " tokens, was " + tokens);
        }
    }
}
