package dev.quotary.gateway;

import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.limit.Hold;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.Receipt;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.Served;
import dev.quotary.usage.Tariff;
import java.math.BigDecimal;
import java.util.Optional;

/** Prices what a provider reported, or what we estimate, by the model and tier that served the call. */
final class Metering {
    /** Nothing was used: the provider bills nothing for a call that failed. */
    static final Metered NOTHING = new Metered(Amounts.NONE, TokenUsage.NONE, Optional.empty(), Evidence.PROVIDER);

    private final Tariff tariff;

    Metering(Tariff tariff) {
        this.tariff = tariff;
    }

    /**
     * The amounts and the cost of a call.
     *
     * <p>Where the price book knows the model but not the price of something that was used, such as audio, the cost is what was held for
     * the call, an upper bound, marked as partly estimated: never silently nothing.
     *
     * @param costUsd what the provider itself says it charged; it knows better than our price book
     */
    Metered metered(Hold hold, TokenUsage usage, Served served, Optional<BigDecimal> costUsd, Evidence evidence) {
        var asked = hold.call().dimensions();
        var row = tariff.find(asked.provider(), served.model().orElse(null), asked.model(), hold.admittedAt());
        var receipt = row.flatMap(prices -> Tariff.receipt(prices, usage, served.tier()));
        boolean unpriced = row.isPresent() && receipt.isEmpty() && costUsd.isEmpty();
        var booked =
                unpriced ? hold.amounts().cost() : receipt.map(Receipt::total).orElse(Money.ZERO);
        var cost = costUsd.map(Money::rounded).orElse(booked);
        var quantities = Quantities.ofTokens(1, usage.totalInput(), usage.totalOutput());
        var shown = unpriced && evidence == Evidence.PROVIDER ? Evidence.PARTIAL : evidence;
        return new Metered(new Amounts(quantities, cost), usage, receipt, shown);
    }
}
