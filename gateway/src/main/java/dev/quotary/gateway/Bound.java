package dev.quotary.gateway;

import dev.quotary.limit.Limit;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.PriceRow;
import dev.quotary.provider.RequestFacts;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The most that one chat call can use: what its reservation holds.
 *
 * <p>Input: one token per UTF-8 byte of text, or its count (see {@link Counting}), and fixed bounds for images, audio and files ({@code provider.InputBound}). Output: the
 * call's own cap, else the model's maximum, else a cap that the gateway sets. Cost: both at the dearest price that could apply.
 *
 * @param prices of all models that may do it, as far as they have any
 * @param priced whether all of them have
 */
record Bound(RequestFacts facts, List<PriceRow> prices, boolean priced) {
    /** @param prices of a model; empty where it has none */
    static Bound of(RequestFacts facts, Function<String, Optional<PriceRow>> prices) {
        var rows = Stream.concat(Stream.of(facts.model()), facts.otherModels().stream())
                .map(prices)
                .toList();
        return new Bound(
                facts,
                rows.stream().flatMap(Optional::stream).toList(),
                rows.stream().allMatch(Optional::isPresent));
    }

    /** What the call uses at most if every choice has at most so many tokens. */
    Amounts at(long outputPerChoice) {
        long input = facts.input().tokensMax();
        long output = facts.output().tokensMax(outputPerChoice);
        return new Amounts(Quantities.ofTokens(1, input, output), cost(outputPerChoice));
    }

    /** What {@link #at} is over what is held already. */
    Amounts beyond(Amounts held, long outputPerChoice) {
        var larger = at(outputPerChoice);
        long output = larger.quantities().tokensOutput() - held.quantities().tokensOutput();
        long cost = larger.cost().picos() - held.cost().picos();
        return new Amounts(Quantities.ofTokens(0, 0, Math.max(0, output)), new Money(Math.max(0, cost)));
    }

    /** All of it may be done by the dearest of the models. */
    private Money cost(long outputPerChoice) {
        var usage = facts.usageBound(outputPerChoice);
        var most = Money.ZERO;
        for (var row : prices) {
            var cost = row.costMax(usage);
            most = cost.compareTo(most) > 0 ? cost : most;
        }
        return most;
    }

    /**
     * The largest output per choice that a limit has room for.
     *
     * @param room what is left on the limit, in the meter's smallest unit
     * @param outputMax where to stop looking
     * @return 0 if not even one token fits, or if less output would not help this limit
     */
    long outputThatFits(Limit limit, long room, long outputMax) {
        var meter = limit.meter();
        if (at(0).of(meter) > room) {
            return 0;
        }
        long low = 0;
        long high = outputMax;
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            if (at(middle).of(meter) <= room) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
