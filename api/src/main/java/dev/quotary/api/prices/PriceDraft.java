package dev.quotary.api.prices;

import dev.quotary.price.Component;
import dev.quotary.price.Modifier;
import dev.quotary.price.ServiceTier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a price file says about one model from one date on, in US dollars per 1,000,000 units. For one thread.
 *
 * <p>What cannot be said in a price row of ours is noted: as a reason to leave the model out, or as a remark where the rest is sound
 * without it.
 */
final class PriceDraft {
    /** A part of a price table: a tier, for prompts within the threshold or beyond it. */
    record Part(ServiceTier tier, boolean longContext) implements Comparable<Part> {
        static final Part STANDARD = new Part(ServiceTier.STANDARD, false);

        @Override
        public int compareTo(Part other) {
            int byTier = tier.compareTo(other.tier);
            return byTier == 0 ? Boolean.compare(longContext, other.longContext) : byTier;
        }

        @Override
        public String toString() {
            return tier.key() + (longContext ? " long" : "");
        }
    }

    private final String provider;
    private final String model;
    private final String from;
    private final Map<Part, EnumMap<Component, BigDecimal>> prices = new TreeMap<>();
    private final Map<Modifier, BigDecimal> modifiers = new EnumMap<>(Modifier.class);
    private final List<String> leftOut = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private Optional<Long> longOver = Optional.empty();
    private boolean writes = true;

    /** @param from a date; empty for a price that always was */
    PriceDraft(String provider, String model, String from) {
        this.provider = provider;
        this.model = model;
        this.from = from;
    }

    String provider() {
        return provider;
    }

    String model() {
        return model;
    }

    String from() {
        return from;
    }

    String name() {
        return provider + "/" + model;
    }

    /** Sets a price; to be called once for each. */
    void put(Part part, Component component, BigDecimal perMillion) {
        var known = prices.computeIfAbsent(part, _ -> new EnumMap<>(Component.class))
                .putIfAbsent(component, perMillion);
        if (known != null && known.compareTo(perMillion) != 0) {
            leaveOut("it names " + part + " " + component.key() + " twice, as " + known.toPlainString() + " and "
                    + perMillion.toPlainString());
        }
    }

    void put(Modifier modifier, BigDecimal factor) {
        if (factor.compareTo(BigDecimal.ONE) != 0) {
            modifiers.put(modifier, factor);
        }
    }

    /** The threshold above which long prices hold; one for all. */
    void longOver(long tokens) {
        if (longOver.isPresent() && longOver.get() != tokens) {
            leaveOut("it has more than one threshold: " + longOver.get() + " and " + tokens);
        }
        longOver = Optional.of(tokens);
    }

    Optional<Long> longOver() {
        return longOver;
    }

    /** Says that the model writes nothing that is charged, such as an embedding. */
    void writesNothing() {
        writes = false;
    }

    boolean writes() {
        return writes;
    }

    void leaveOut(String reason) {
        leftOut.add(reason);
    }

    void remark(String text) {
        remarks.add(text);
    }

    Optional<String> leftOut() {
        return leftOut.stream().findFirst();
    }

    List<String> remarks() {
        return remarks;
    }

    Map<Part, EnumMap<Component, BigDecimal>> prices() {
        return prices;
    }

    Map<Modifier, BigDecimal> modifiers() {
        return modifiers;
    }

    Optional<BigDecimal> price(Part part, Component component) {
        return Optional.ofNullable(
                prices.getOrDefault(part, new EnumMap<>(Component.class)).get(component));
    }
}
