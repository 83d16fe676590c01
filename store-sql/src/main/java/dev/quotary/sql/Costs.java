package dev.quotary.sql;

import dev.quotary.ledger.CostBasis;
import dev.quotary.ledger.CostFacts;
import dev.quotary.money.Money;
import dev.quotary.price.Modifier;
import dev.quotary.price.ServiceTier;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The facts of an event's cost as {@link Words}, as far as they do not go without saying: with a receipt, that it was priced by the book;
 * without, that nobody told. The model that served lies with the applied price where there is one, as few models serve millions of events.
 */
final class Costs {
    private static final String BASIS = "basis";
    private static final String PROVIDER_COST = "provider_cost";
    private static final String SERVED = "served";
    private static final String TIER = "tier";
    private static final String MODIFIERS = "modifiers";

    private Costs() {}

    /** Null where everything goes without saying. */
    static @Nullable String text(CostFacts facts, boolean hasReceipt) {
        var words = new LinkedHashMap<String, String>();
        if (facts.basis() != basis(hasReceipt)) {
            words.put(BASIS, facts.basis().key());
        }
        facts.providerCost().ifPresent(cost -> words.put(PROVIDER_COST, Long.toString(cost.picos())));
        if (!hasReceipt) {
            facts.served().ifPresent(model -> words.put(SERVED, model));
            if (facts.tier() != ServiceTier.STANDARD) {
                words.put(TIER, facts.tier().key());
            }
            if (!facts.modifiers().isEmpty()) {
                words.put(
                        MODIFIERS,
                        facts.modifiers().stream().map(Modifier::key).sorted().collect(Collectors.joining(",")));
            }
        }
        return Words.of(words);
    }

    private static CostBasis basis(boolean hasReceipt) {
        return hasReceipt ? CostBasis.BOOK : CostBasis.UNTOLD;
    }

    /** @param price null where the event has no receipt */
    static CostFacts parse(@Nullable String text, @Nullable AppliedPrice price) {
        var words = Words.parse(text);
        var basis = Optional.ofNullable(words.get(BASIS))
                .map(key -> CostBasis.valueOf(key.toUpperCase(Locale.ROOT)))
                .orElse(basis(price != null));
        var providerCost = Optional.ofNullable(words.get(PROVIDER_COST)).map(picos -> new Money(Long.parseLong(picos)));
        if (price != null) {
            return new CostFacts(
                    basis,
                    providerCost,
                    price.served(),
                    price.tier(),
                    price.modifiers().keySet());
        }
        var tier = Optional.ofNullable(words.get(TIER))
                .map(key -> ServiceTier.valueOf(key.toUpperCase(Locale.ROOT)))
                .orElse(ServiceTier.STANDARD);
        var modifiers = EnumSet.noneOf(Modifier.class);
        Stream.ofNullable(words.get(MODIFIERS))
                .flatMap(keys -> Stream.of(keys.split(",", -1)))
                .forEach(key -> modifiers.add(AppliedPrice.modifier(key)));
        return new CostFacts(basis, providerCost, Optional.ofNullable(words.get(SERVED)), tier, modifiers);
    }
}
