package dev.quotary.api.prices;

import dev.quotary.api.prices.ImportedPrice.Change;
import dev.quotary.api.prices.PriceDraft.Part;
import dev.quotary.price.Component;
import dev.quotary.price.PriceTable;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TierPrices;
import dev.quotary.price.UnitPrices;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Lays what a file says beside the price in force. */
final class Comparison {
    private static final Part LONG = new Part(ServiceTier.STANDARD, true);

    private final PriceDraft draft;
    private final Optional<PriceTable> book;
    private final Map<Part, Map<Component, BigDecimal>> known = new TreeMap<>();

    Comparison(PriceDraft draft, Optional<PriceTable> book) {
        this.draft = draft;
        this.book = book;
        book.ifPresent(table -> table.tiers().forEach(this::know));
    }

    private void know(ServiceTier tier, TierPrices prices) {
        known.put(new Part(tier, false), tokens(prices.normal()));
        prices.longContext().ifPresent(others -> known.put(new Part(tier, true), tokens(others)));
    }

    private static Map<Component, BigDecimal> tokens(UnitPrices prices) {
        var tokens = new EnumMap<Component, BigDecimal>(Component.class);
        tokens.putAll(prices.perMillion());
        return tokens;
    }

    /**
     * Takes over what the file cannot or does not say of other tiers and of modifiers, where the standard prices are the same: half of a
     * price that has not changed has not changed either.
     */
    void inherit() {
        if (book.isEmpty() || !sameStandard()) {
            return;
        }
        var inherited = new TreeMap<Part, Map<Component, BigDecimal>>();
        known.forEach((part, prices) -> {
            boolean otherTier = part.tier() != ServiceTier.STANDARD;
            boolean unsaid = draft.prices().keySet().stream().noneMatch(said -> said.tier() == part.tier());
            if (otherTier && unsaid) {
                inherited.put(part, prices);
            }
        });
        inherited.forEach((part, prices) -> prices.forEach((component, price) -> draft.put(part, component, price)));
    }

    private boolean sameStandard() {
        return same(Part.STANDARD) && same(LONG);
    }

    private boolean same(Part part) {
        for (var component : List.of(Component.INPUT, Component.OUTPUT)) {
            var before = Optional.ofNullable(known.getOrDefault(part, Map.of()).get(component));
            if (!equal(before, draft.price(part, component))) {
                return false;
            }
        }
        return true;
    }

    /** Everything that is different, in a fixed order. */
    List<Change> changes() {
        var changes = new ArrayList<Change>();
        var parts = new TreeSet<>(known.keySet());
        parts.addAll(draft.prices().keySet());
        for (var part : parts) {
            for (var component : Component.values()) {
                var before =
                        Optional.ofNullable(known.getOrDefault(part, Map.of()).get(component));
                var after = draft.price(part, component);
                boolean unsaidFee = !component.token() && after.isEmpty();
                if (!unsaidFee && !equal(before, after)) {
                    changes.add(new Change(part + " " + component.key(), before, after));
                }
            }
        }
        threshold(changes);
        draft.modifiers().forEach((modifier, factor) -> {
            var before = book.map(table -> table.modifiers().factors().get(modifier));
            if (!equal(before, Optional.of(factor))) {
                changes.add(new Change("factor " + modifier.key(), before, Optional.of(factor)));
            }
        });
        return changes;
    }

    private void threshold(List<Change> changes) {
        var before = book.flatMap(table -> table.longContextOver().isPresent()
                ? Optional.of(BigDecimal.valueOf(table.longContextOver().getAsLong()))
                : Optional.empty());
        var after = draft.longOver().map(BigDecimal::valueOf);
        if (!equal(before, after)) {
            changes.add(new Change("long over", before, after));
        }
    }

    private static boolean equal(Optional<BigDecimal> one, Optional<BigDecimal> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() && other.isEmpty();
        }
        return one.get().compareTo(other.get()) == 0;
    }
}
