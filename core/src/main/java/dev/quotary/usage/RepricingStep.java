package dev.quotary.usage;

import dev.quotary.call.Call;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Correction;
import dev.quotary.usage.Repricing.Cursor;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What one step of {@link Repricing} did, or would do; for one thread. */
public final class RepricingStep {
    private final Map<Key, Sum> sums = new HashMap<>();
    private long events;
    private long namedByOthers;
    private long unpriced;
    private long overtaken;
    private Optional<Cursor> next = Optional.empty();

    private record Key(OrganizationKey organization, String provider, String model) {}

    /**
     * The corrected events of one organization and model.
     *
     * @param before what they cost, in US dollars
     * @param after what they cost now
     */
    public record Sum(
            OrganizationKey organization,
            String provider,
            String model,
            long events,
            BigDecimal before,
            BigDecimal after) {}

    void looked() {
        events++;
    }

    void namedByOthers() {
        namedByOthers++;
    }

    void unpriced() {
        unpriced++;
    }

    void goesOn(Cursor cursor) {
        next = Optional.of(cursor);
    }

    /** @param done false where somebody else corrected the event meanwhile */
    void corrected(Correction correction, Call call, boolean done) {
        if (!done) {
            overtaken++;
            return;
        }
        var dimensions = call.dimensions();
        var key = new Key(
                call.organization(),
                Objects.requireNonNullElse(dimensions.provider(), ""),
                Objects.requireNonNullElse(dimensions.model(), ""));
        var one = new Sum(
                key.organization,
                key.provider,
                key.model,
                1,
                correction.before().dollars(),
                correction.after().amounts().cost().dollars());
        sums.merge(
                key,
                one,
                (sum, more) -> new Sum(
                        sum.organization,
                        sum.provider,
                        sum.model,
                        sum.events + more.events,
                        sum.before.add(more.before),
                        sum.after.add(more.after)));
    }

    /** Events looked at. */
    public long events() {
        return events;
    }

    /** Of these, events whose cost a provider or a caller named, or nobody asked for. */
    public long eventsNamedByOthers() {
        return namedByOthers;
    }

    /** Of these, events that keep their cost as they have no price now. */
    public long eventsUnpriced() {
        return unpriced;
    }

    /** Of these, events that somebody else corrected at the same time. */
    public long eventsOvertaken() {
        return overtaken;
    }

    /** What was corrected, by organization and model. */
    public List<Sum> sums() {
        var ordered = new ArrayList<>(sums.values());
        ordered.sort(Comparator.comparing((Sum sum) -> sum.organization().value())
                .thenComparing(Sum::provider)
                .thenComparing(Sum::model));
        return ordered;
    }

    /** Where the next step goes on; empty when everything has been looked at. */
    public Optional<Cursor> next() {
        return next;
    }
}
