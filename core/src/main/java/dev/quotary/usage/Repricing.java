package dev.quotary.usage;

import dev.quotary.call.Call;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.ledger.Correction;
import dev.quotary.ledger.Corrections;
import dev.quotary.ledger.Corrections.Place;
import dev.quotary.ledger.Corrections.Query;
import dev.quotary.ledger.Corrections.Recorded;
import dev.quotary.ledger.CostBasis;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import dev.quotary.meter.MeterKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prices recorded events anew by the prices in force, and appends corrections where that comes to another cost.
 *
 * <p>Priced anew are events whose cost came from the price book or for which there was no price, at the instant at which they were
 * admitted; not those whose cost a provider or a caller named. An event that cannot be priced now keeps its cost. What has been corrected
 * is right, so a run that was interrupted is simply repeated. Blocks; safe for several threads.
 */
public final class Repricing {
    private final Catalog catalog;
    private final Tariff tariff;
    private final Corrections corrections;
    private final InstantSource clock;

    public Repricing(Catalog catalog, Tariff tariff, Corrections corrections, InstantSource clock) {
        this.catalog = catalog;
        this.tariff = tariff;
        this.corrections = corrections;
        this.clock = clock;
    }

    /**
     * What to price anew.
     *
     * @param organization empty for all that are declared
     * @param from first instant
     * @param until first instant after
     * @param by who has it done
     */
    public record Order(
            Optional<OrganizationKey> organization,
            Instant from,
            Instant until,
            Optional<String> provider,
            Optional<String> model,
            boolean dryRun,
            String by,
            String reason) {}

    /** Where a run goes on: after a place within an organization. */
    public record Cursor(OrganizationKey organization, Place place) {}

    /**
     * Takes the next step of a run: at most so many events.
     *
     * @param after where the last step ended; empty for the first
     * @param eventsMax when to stop, though a little more may be looked at
     */
    public RepricingStep step(Order order, Optional<Cursor> after, int eventsMax) {
        var step = new RepricingStep();
        for (var organization : organizations(order, after)) {
            var place = after.filter(cursor -> cursor.organization().equals(organization))
                    .map(Cursor::place)
                    .orElse(Place.START);
            var coverage = new CatalogCoverage(catalog);
            while (true) {
                if (step.events() >= eventsMax) {
                    step.goesOn(new Cursor(organization, place));
                    return step;
                }
                var page = corrections
                        .events(new Query(
                                organization,
                                order.from(),
                                order.until(),
                                order.provider(),
                                order.model(),
                                place,
                                Corrections.BATCH_MAX))
                        .toCompletableFuture()
                        .join();
                if (page.isEmpty()) {
                    break;
                }
                page(order, page, coverage, step);
                place = page.getLast().place();
            }
        }
        return step;
    }

    private List<OrganizationKey> organizations(Order order, Optional<Cursor> after) {
        return catalog.declarations().organizations().keySet().stream()
                .filter(key -> order.organization().isEmpty()
                        || order.organization().get().equals(key))
                .sorted(Comparator.comparing(OrganizationKey::value))
                .filter(key -> after.isEmpty()
                        || key.value().compareTo(after.get().organization().value()) >= 0)
                .toList();
    }

    private void page(Order order, List<Recorded> page, CatalogCoverage coverage, RepricingStep step) {
        var made = new ArrayList<Correction>();
        var calls = new ArrayList<Call>();
        for (var recorded : page) {
            step.looked();
            var after = pricedAnew(recorded, step);
            if (after.isPresent()) {
                made.add(correction(order, recorded, after.get(), coverage));
                calls.add(recorded.event().call());
            }
        }
        var answers = order.dryRun() || made.isEmpty()
                ? List.<Boolean>of()
                : corrections.correct(made).toCompletableFuture().join();
        for (int i = 0; i < made.size(); i++) {
            step.corrected(made.get(i), calls.get(i), order.dryRun() || answers.get(i));
        }
    }

    /** What the event costs by the prices in force; empty where that is what it costs already, or it cannot be told. */
    private Optional<Metered> pricedAnew(Recorded recorded, RepricingStep step) {
        return switch (PricedAnew.of(tariff, recorded)) {
            case PricedAnew.NamedByOthers _ -> {
                step.namedByOthers();
                yield Optional.empty();
            }
            case PricedAnew.Unpriced _ -> {
                step.unpriced();
                yield Optional.empty();
            }
            case PricedAnew.Priced(Metered after) ->
                same(recorded.metered(), after) ? Optional.empty() : Optional.of(after);
        };
    }

    private static boolean same(Metered now, Metered after) {
        return after.amounts().cost().equals(now.amounts().cost())
                && after.providerCost().equals(now.providerCost())
                && now.facts().basis() == CostBasis.BOOK;
    }

    private Correction correction(Order order, Recorded recorded, Metered after, CatalogCoverage coverage) {
        var event = recorded.event();
        return new Correction(
                event.call().organization(),
                event.id(),
                clock.instant(),
                order.by(),
                order.reason(),
                recorded.metered().amounts().cost(),
                after,
                counters(event, coverage));
    }

    /** The counters of cost that the event is in, if its limits are those of today. */
    private static Set<Correction.Counter> counters(UsageEvent event, CatalogCoverage coverage) {
        var call = event.call();
        var counters = new HashSet<Correction.Counter>();
        for (var counted : coverage.counted(call.organization())) {
            @Nullable String scopeValue = counted.scope().valueOf(call);
            if (counted.meter().equals(MeterKey.COST)
                    && scopeValue != null
                    && counted.filter().matches(call.dimensions())) {
                var window = coverage.window(call.organization(), counted, event.time());
                counters.add(new Correction.Counter(
                        new CounterKey(call.organization(), counted, scopeValue, window),
                        coverage.complete(call.organization(), counted, scopeValue)));
            }
        }
        return counters;
    }
}
