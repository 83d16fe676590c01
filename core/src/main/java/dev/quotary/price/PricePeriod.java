package dev.quotary.price;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * When a price is in effect; half-open, so that of two prices that follow one another exactly one applies at the instant of the change.
 *
 * @param from first instant; empty for a price that always was
 * @param until first instant after; empty for a price without an announced end
 */
public record PricePeriod(Optional<Instant> from, Optional<Instant> until) {
    public static final PricePeriod ALWAYS = new PricePeriod(Optional.empty(), Optional.empty());

    public PricePeriod {
        if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
            throw new IllegalArgumentException(
                    "expected a price to begin before it ends, was " + from.get() + " .. " + until.get());
        }
    }

    /** From an instant on, without an announced end. */
    public static PricePeriod from(Instant from) {
        return new PricePeriod(Optional.of(from), Optional.empty());
    }

    /** Whether the price is in effect at an instant. */
    public boolean contains(Instant at) {
        return (from.isEmpty() || !at.isBefore(from.get())) && (until.isEmpty() || at.isBefore(until.get()));
    }

    /** This period cut wherever one of others begins or ends, in order. */
    List<PricePeriod> stretches(Collection<PricePeriod> others) {
        var changes = new TreeSet<Instant>();
        for (var other : others) {
            other.from.filter(this::contains).ifPresent(changes::add);
            other.until.filter(this::contains).ifPresent(changes::add);
        }
        from.ifPresent(changes::remove);
        var stretches = new ArrayList<PricePeriod>();
        var begin = from;
        for (var change : changes) {
            stretches.add(new PricePeriod(begin, Optional.of(change)));
            begin = Optional.of(change);
        }
        stretches.add(new PricePeriod(begin, until));
        return stretches;
    }

    /** The first instant, where a price that always was begins before all others. */
    Instant start() {
        return from.orElse(Instant.MIN);
    }
}
