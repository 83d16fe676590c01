package dev.quotary.usage;

import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.ledger.CounterSum;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Limit;
import dev.quotary.time.Window;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the counters again that storage names by text: for the start of the server, and after a change of limits.
 *
 * <p>Storage keeps what a counter counts as text; the catalog knows what that text means. Sums of things that no plan counts any more
 * have no counter; should a plan count them again, they are counted anew from the events.
 */
public final class Rebinding {
    private final Map<String, Counted> countedByText = new HashMap<>();
    /** Shared by all counters of a window: there may be millions of them, and a window of its own is a third of what one takes. */
    private final Map<Stored, Window> windows = new HashMap<>();

    private final Catalog catalog;

    public Rebinding(Catalog catalog) {
        this.catalog = catalog;
        for (var plan : catalog.declarations().plans().values()) {
            for (Limit limit : plan.limits()) {
                countedByText.put(limit.counted().text(), limit.counted());
            }
        }
    }

    /** The counter of a stored sum; empty if no plan counts that, or its window is not one of the organization's any more. */
    public Optional<CounterKey> counter(CounterSum sum) {
        var counted = countedByText.get(sum.counted());
        var organization = catalog.declarations().organizations().get(sum.organization());
        if (counted == null || organization == null) {
            return Optional.empty();
        }
        var window = windows.computeIfAbsent(
                new Stored(organization.key(), sum.counted(), sum.windowStart()),
                stored -> counted.window().at(stored.windowStart(), organization.calendar()));
        return window.start().equals(sum.windowStart())
                ? Optional.of(new CounterKey(organization.key(), counted, sum.scopeValue(), window))
                : Optional.empty();
    }

    /** A window as storage names it. */
    private record Stored(OrganizationKey organization, String counted, Instant windowStart) {}

    /** A hold from the journal with its charges on today's limits; without charges if its organization is gone. */
    public Hold rebound(Hold hold, Instant now) {
        var charges = catalog.charged(hold.call().organization(), hold.call().subject(), now)
                .map(account -> Charging.of(account.bindings(hold.call(), hold.admittedAt()), hold.amounts())
                        .charges())
                .orElse(List.of());
        return hold.charged(charges);
    }
}
