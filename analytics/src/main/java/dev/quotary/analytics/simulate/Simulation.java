package dev.quotary.analytics.simulate;

import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Organization;
import dev.quotary.ledger.Corrections;
import dev.quotary.ledger.Corrections.Place;
import dev.quotary.ledger.Corrections.Query;
import dev.quotary.ledger.EventWalk;
import dev.quotary.limit.Counted;
import dev.quotary.limit.Limit;
import dev.quotary.limit.Limiter;
import dev.quotary.time.WindowSpec;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Replays what an organization has recorded against what would have been declared. Blocks.
 *
 * <p>What was used before the stretch that is asked about, in windows that were running then, counts as used. Windows without a beginning
 * (lifetime) begin with the replay.
 */
public final class Simulation {
    /** Some ten seconds of work. */
    public static final long EVENTS_MAX = 500_000;

    private final Corrections ledger;

    public Simulation(Corrections ledger) {
        this.ledger = ledger;
    }

    /** What is asked. */
    public record Order(OrganizationKey organization, Instant from, Instant until, int subjectsMax) {}

    /** What came of it. */
    public sealed interface Outcome {
        /**
         * @param countedFrom since when use was counted
         * @param eventsBefore how many events were counted before the stretch that was asked about
         */
        record Done(Replayed replayed, Instant countedFrom, long eventsBefore) implements Outcome {}

        /** There are more than {@link #EVENTS_MAX} events to be replayed. */
        record TooManyEvents() implements Outcome {}
    }

    /**
     * Replays.
     *
     * @param trial what would have been declared, the organization with it
     * @param limiter an empty one in memory, used by nobody else
     */
    public Outcome run(Order order, Catalog trial, Limiter limiter) {
        var organization = trial.declarations().organizations().get(order.organization());
        if (organization == null) {
            throw new IllegalArgumentException("expected a declared organization, was '" + order.organization() + "'");
        }
        var start = countedFrom(trial, organization, order.from());
        var replay = new Replay(trial, limiter, start);
        var query = new Query(
                order.organization(),
                start,
                order.until(),
                Optional.empty(),
                Optional.empty(),
                Place.START,
                Corrections.BATCH_MAX);
        var before = new AtomicLong();
        boolean whole = EventWalk.through(ledger, query, EVENTS_MAX, recorded -> {
            if (recorded.event().time().isBefore(order.from())) {
                before.incrementAndGet();
                replay.before(recorded);
            } else {
                replay.decide(recorded);
            }
            return true;
        });
        if (!whole) {
            return new Outcome.TooManyEvents();
        }
        return new Outcome.Done(replay.replayed(order.subjectsMax()), start, before.get());
    }

    /** When the earliest of the windows began that were running. */
    private static Instant countedFrom(Catalog trial, Organization organization, Instant from) {
        return trial.declarations().plans().values().stream()
                .flatMap(plan -> plan.limits().stream())
                .map(Limit::counted)
                .distinct()
                .flatMap(counted -> begin(counted, organization, from).stream())
                .min(Comparator.naturalOrder())
                .filter(begin -> begin.isBefore(from))
                .orElse(from);
    }

    private static Optional<Instant> begin(Counted counted, Organization organization, Instant from) {
        return switch (counted.window()) {
            case WindowSpec.Calendar _, WindowSpec.BillingPeriod _ ->
                // A burst asks for the window before.
                counted.counting(from, organization.calendar()).stream()
                        .map(window -> window.start())
                        .findFirst();
            case WindowSpec.Sliding sliding -> Optional.of(from.minus(sliding.length()));
            case WindowSpec.Lifetime _, WindowSpec.InFlight _ -> Optional.empty();
        };
    }
}
