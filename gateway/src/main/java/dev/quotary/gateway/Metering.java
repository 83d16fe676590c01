package dev.quotary.gateway;

import dev.quotary.ledger.CostBasis;
import dev.quotary.ledger.CostFacts;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.limit.Hold;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.ModelNames;
import dev.quotary.price.PartUsage;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.Served;
import dev.quotary.usage.Priced;
import dev.quotary.usage.Tariff;
import dev.quotary.usage.Use;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Prices what a provider reported, or what we estimate, by the model and tier that served the call. */
final class Metering {
    /** Nothing was used: the provider bills nothing for a call that failed. */
    static final Metered NOTHING = new Metered(Amounts.NONE, TokenUsage.NONE, Optional.empty(), Evidence.PROVIDER);

    private final Tariff tariff;

    /**
     * What was used, as a provider says or as we estimate.
     *
     * @param costUsd what the provider itself says it charged; it knows better than our price book
     */
    record Said(TokenUsage tokens, List<PartUsage> parts, Optional<BigDecimal> costUsd) {
        static Said estimated(TokenUsage tokens) {
            return new Said(tokens, List.of(), Optional.empty());
        }
    }

    Metering(Tariff tariff) {
        this.tariff = tariff;
    }

    /**
     * The amounts and the cost of a call.
     *
     * <p>Where the price book knows the model but not the price of something that was used, such as audio, the cost is what was held for
     * the call, an upper bound, marked as partly estimated: never silently nothing.
     *
     */
    Metered metered(Hold hold, Said said, Served served, Evidence evidence) {
        var asked = hold.call().dimensions();
        var organization = hold.call().organization();
        var names =
                ModelNames.of(asked.provider(), asked.model(), served.model().orElse(null));
        var use = new Use(said.tokens(), said.parts(), served.tier(), served.modifiers());
        var priced = tariff.price(organization, names, use, hold.admittedAt());
        var quantities = Quantities.ofTokens(1, use.totalInput(), use.totalOutput());
        if (said.costUsd().isPresent()) {
            var stated = said.costUsd().get();
            var cost = tariff.charged(organization, names, stated, hold.admittedAt())
                    .or(priced::cost)
                    .orElse(hold.amounts().cost());
            var facts = priced.stated(names, use, cost, Money.rounded(stated));
            return metered(new Amounts(quantities, cost), priced, evidence, facts);
        }
        boolean held = priced.cost().isEmpty() && priced.known();
        var cost = priced.cost().orElse(held ? hold.amounts().cost() : Money.ZERO);
        var facts = priced.facts(names, use, cost, held ? CostBasis.HELD : CostBasis.UNPRICED);
        var shown = held && evidence == Evidence.PROVIDER ? Evidence.PARTIAL : evidence;
        return metered(new Amounts(quantities, cost), priced, shown, facts);
    }

    /** What was held, an upper bound, where what was used cannot be told or priced. */
    static Metered held(Hold hold) {
        var held = hold.amounts();
        var tokens =
                TokenUsage.of(held.quantities().tokensInput(), held.quantities().tokensOutput());
        return new Metered(held, tokens, Optional.empty(), Evidence.ESTIMATE, List.of(), CostFacts.of(CostBasis.HELD));
    }

    private static Metered metered(Amounts amounts, Priced priced, Evidence evidence, CostFacts facts) {
        return new Metered(amounts, priced.tokens(), priced.receipt(), evidence, priced.parts(), facts);
    }
}
