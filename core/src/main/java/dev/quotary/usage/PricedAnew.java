package dev.quotary.usage;

import dev.quotary.ledger.Corrections.Recorded;
import dev.quotary.ledger.CostBasis;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.MeteredPart;
import dev.quotary.meter.Amounts;
import dev.quotary.price.ModelNames;

/** What a recorded event costs by other prices than it was recorded with. */
public sealed interface PricedAnew {
    /** The same use with its cost, and how that comes about. */
    record Priced(Metered metered) implements PricedAnew {}

    /** A provider or a caller named the cost, or nobody asked for it: no price book says another. */
    record NamedByOthers() implements PricedAnew {}

    /** It has no price now, and keeps its cost. */
    record Unpriced() implements PricedAnew {}

    /** Prices an event at the instant at which it was admitted. */
    static PricedAnew of(Tariff tariff, Recorded recorded) {
        var event = recorded.event();
        var now = recorded.metered();
        var facts = now.facts();
        if (!byTheBook(facts.basis())) {
            return new NamedByOthers();
        }
        var dimensions = event.call().dimensions();
        var names = ModelNames.of(
                dimensions.provider(), dimensions.model(), facts.served().orElse(null));
        var use = new Use(
                now.tokens(), now.parts().stream().map(MeteredPart::usage).toList(), facts.tier(), facts.modifiers());
        var priced = tariff.price(event.call().organization(), names, use, event.time());
        var cost = priced.cost();
        if (cost.isEmpty()) {
            return new Unpriced();
        }
        return new Priced(new Metered(
                new Amounts(now.amounts().quantities(), cost.get()),
                priced.tokens(),
                priced.receipt(),
                now.evidence(),
                priced.parts(),
                priced.facts(names, use, cost.get(), CostBasis.BOOK)));
    }

    private static boolean byTheBook(CostBasis basis) {
        return switch (basis) {
            case BOOK, HELD, UNPRICED -> true;
            case PROVIDER, NAMED, UNTOLD -> false;
        };
    }
}
