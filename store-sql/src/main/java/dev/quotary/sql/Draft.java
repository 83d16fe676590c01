package dev.quotary.sql;

import dev.quotary.ledger.Entry;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.meter.MeterKey;
import java.time.Instant;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An entry, its time cut to what is kept so that every answer about it is the same, with everything computed that storing it takes, by the thread that appends it: what cannot be stored is refused there,
 * instead of failing a transaction that others share.
 *
 * @param time in {@link Micros}
 * @param dimensions the declared ones, as {@link Words}
 * @param quantities of declared meters, as {@link Words}
 * @param fees counts without a column, as {@link MoreUsage}
 * @param parts of other models, as {@link Parts}
 * @param costing how the cost came about, as {@link Costs}
 * @param levels meters whose quantity is a level, separated by spaces
 * @param estimate what was held, as {@link Estimates}
 * @param meterDimensions what the sums of declared meters are kept by, as {@link MeterDimensions}; empty where none is counted
 */
record Draft(
        Entry entry,
        long time,
        @Nullable String dimensions,
        @Nullable String quantities,
        @Nullable String levels,
        @Nullable AppliedPrice price,
        @Nullable String fees,
        @Nullable String parts,
        @Nullable String costing,
        @Nullable String estimate,
        String meterDimensions) {

    /** @throws IllegalArgumentException if the entry cannot be stored */
    static Draft of(Entry entry) {
        var event = entry.event();
        var metered = event.metered();
        long time = Micros.of(event.time());
        var kept = Micros.instant(time);
        return new Draft(
                kept.equals(event.time()) ? entry : new Entry(at(kept, event), entry.postings(), entry.levels()),
                time,
                Words.of(new TreeMap<>(event.call().dimensions().others())),
                quantities(entry),
                levels(entry),
                metered.receipt()
                        .map(receipt -> AppliedPrice.of(
                                receipt, metered.tokens(), metered.facts().served()))
                        .orElse(null),
                MoreUsage.text(metered.tokens()),
                Parts.text(metered.parts()),
                Costs.text(metered.facts(), metered.receipt().isPresent()),
                event.estimate().map(Estimates::text).orElse(null),
                meterDimensions(event));
    }

    private static String meterDimensions(UsageEvent event) {
        var counted = event.metered().amounts().quantities().others().keySet();
        return counted.isEmpty() ? "" : MeterDimensions.of(event.call().dimensions(), counted);
    }

    private static UsageEvent at(Instant time, UsageEvent event) {
        return new UsageEvent(
                event.id(),
                time,
                event.call(),
                event.metered(),
                event.result(),
                event.estimate(),
                event.metadata(),
                event.fingerprint(),
                event.origin());
    }

    private static @Nullable String quantities(Entry entry) {
        var others = entry.event().metered().amounts().quantities().others();
        if (others.isEmpty()) {
            return null;
        }
        var words = new TreeMap<String, String>();
        others.forEach((meter, amount) -> words.put(meter.value(), amount.toString()));
        return Words.of(words);
    }

    private static @Nullable String levels(Entry entry) {
        return entry.levels().isEmpty()
                ? null
                : entry.levels().stream().map(MeterKey::value).sorted().collect(Collectors.joining(" "));
    }
}
