package dev.quotary.price;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The most that a call may use, known before it is made: how many tokens, of which kinds, at which service tiers, and which fees.
 *
 * @param input most tokens of the prompt, of all kinds together; 0 to {@link TokenUsage#TOKENS_MAX}
 * @param output most tokens written, of all kinds together; 0 to {@link TokenUsage#TOKENS_MAX}
 * @param components the kinds of tokens that may occur; fees among them do not count
 * @param tiers the tiers that the provider may serve and charge the call at; at least one
 * @param modifiers what may apply to the call, such as a region that an account has set
 * @param fees the most of each fee; the call itself is always counted
 */
public record UsageBound(
        long input,
        long output,
        Set<Component> components,
        Set<ServiceTier> tiers,
        Set<Modifier> modifiers,
        Fees fees) {
    public UsageBound {
        check("input", input);
        check("output", output);
        if (tiers.isEmpty()) {
            throw new IllegalArgumentException("expected at least one service tier");
        }
        components = copy(components, Component.class);
        tiers = copy(tiers, ServiceTier.class);
        modifiers = copy(modifiers, Modifier.class);
    }

    private static <T extends Enum<T>> Set<T> copy(Collection<T> values, Class<T> type) {
        var copy = EnumSet.noneOf(type);
        copy.addAll(values);
        return Collections.unmodifiableSet(copy);
    }

    /** A call without fees, to which no modifier applies. */
    public UsageBound(long input, long output, Set<Component> components, Set<ServiceTier> tiers) {
        this(input, output, components, tiers, Set.of(), Fees.NONE);
    }

    /** So many tokens, of any kind, at any tier, with any modifiers, without fees. */
    public static UsageBound of(long input, long output) {
        return new UsageBound(
                input,
                output,
                EnumSet.allOf(Component.class),
                EnumSet.allOf(ServiceTier.class),
                EnumSet.allOf(Modifier.class),
                Fees.NONE);
    }

    /** The same where the tiers that may be charged are known, such as all but {@link ServiceTier#PRIORITY}. */
    public UsageBound servedAt(Set<ServiceTier> possible) {
        return new UsageBound(input, output, components, possible, modifiers, fees);
    }

    /** The same where the modifiers that may apply are known. */
    public UsageBound modifiedBy(Set<Modifier> possible) {
        return new UsageBound(input, output, components, tiers, possible, fees);
    }

    /** The same with so much of each fee at most. */
    public UsageBound withFees(Fees most) {
        return new UsageBound(input, output, components, tiers, modifiers, most);
    }

    /** The same for a call in which some kinds cannot occur, such as audio, or cache writes that it does not ask for. */
    public UsageBound without(Set<Component> impossible) {
        var possible = EnumSet.noneOf(Component.class);
        possible.addAll(components);
        possible.removeAll(impossible);
        return new UsageBound(input, output, possible, tiers, modifiers, fees);
    }

    /** The most units of one component: all tokens of its side may be of this kind. */
    long of(Component component) {
        if (component == Component.REQUESTS) {
            return Math.max(1, fees.requests());
        }
        if (!component.token()) {
            return fees.of(component);
        }
        if (!components.contains(component)) {
            return 0;
        }
        return component.prompt() ? input : output;
    }

    private static void check(String side, long tokens) {
        if (tokens < 0 || tokens > TokenUsage.TOKENS_MAX) {
            throw new IllegalArgumentException(
                    "expected at most 0.." + TokenUsage.TOKENS_MAX + " " + side + " tokens, was " + tokens);
        }
    }
}
