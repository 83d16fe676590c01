package dev.quotary.meter;

import dev.quotary.money.Money;

/** Everything that limits can count of one call: quantities and cost. */
public record Amounts(Quantities quantities, Money cost) {
    public static final Amounts NONE = new Amounts(Quantities.NONE, Money.ZERO);

    /** The amount of any meter in its smallest unit; for {@code cost}, picodollars. */
    public long of(MeterKey meter) {
        return meter.equals(MeterKey.COST) ? cost.picos() : quantities.of(meter);
    }

    public Amounts plus(Amounts more) {
        return new Amounts(quantities.plus(more.quantities), cost.plus(more.cost));
    }
}
