package dev.quotary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.EventId;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was asked to be recorded, what was acknowledged, what the ledger holds, and what follows from it for a counter. */
final class Books {
    private final GroupLedger.Storage storage;
    /** Events that may stand under an id: what callers sent. */
    private final Map<EventId, List<UsageEvent>> sent = new HashMap<>();
    /** Ids whose amounts of level meters are levels, not changes. */
    private final Set<EventId> reported = new HashSet<>();

    private final Map<EventId, UsageEvent> acknowledged = new LinkedHashMap<>();
    private final Map<EventId, UsageEvent> recorded = new LinkedHashMap<>();
    private final Map<CounterKey, Sum> sums = new HashMap<>();
    private final Map<CounterKey, Slices> slices = new HashMap<>();
    private final List<UsageEvent> order = new ArrayList<>();

    /** The use of one counter by the first so many events. */
    private static final class Sum {
        int events;
        int setBacks;
        long used;

        @Nullable Instant levelAt;
    }

    /** The slices that the first so many events fall into. */
    private static final class Slices {
        int events;
        final Set<CounterKey> slices = new LinkedHashSet<>();
    }

    Books(GroupLedger.Storage storage) {
        this.storage = storage;
    }

    void sent(UsageEvent event, boolean levels) {
        var known = sent.computeIfAbsent(event.id(), _ -> new ArrayList<>());
        if (!known.contains(event)) {
            known.add(event);
        }
        if (levels) {
            reported.add(event.id());
        }
    }

    /** A caller was told that this is recorded: nobody may be told otherwise, ever. */
    void acknowledged(UsageEvent event) {
        var before = acknowledged.putIfAbsent(event.id(), event);
        assertThat(before == null || before.equals(event))
                .as("INV-6: every answer about %s is the same; first %s, now %s", event.id(), before, event)
                .isTrue();
        assertThat(recorded.get(event.id()))
                .as("INV-6: the acknowledged event is in the ledger, with its content")
                .isEqualTo(event);
    }

    boolean isAcknowledged(EventId id) {
        return acknowledged.containsKey(id);
    }

    @Nullable UsageEvent recorded(EventId id) {
        return recorded.get(id);
    }

    /** Events that have come to the ledger since the last time. */
    List<UsageEvent> read() {
        var entries = storage.entries();
        var fresh = new ArrayList<UsageEvent>();
        for (int i = order.size(); i < entries.size(); i++) {
            var event = entries.get(i).event();
            assertThat(recorded.put(event.id(), event))
                    .as("INV-6: %s is in the ledger once", event.id())
                    .isNull();
            assertThat(sent.getOrDefault(event.id(), List.of()))
                    .as("INV-6: somebody asked for what the ledger holds")
                    .contains(event);
            order.add(event);
            fresh.add(event);
        }
        return fresh;
    }

    /** All that was acknowledged is there still. */
    void check() {
        acknowledged.forEach((id, event) -> assertThat(recorded.get(id))
                .as("INV-6: %s was acknowledged", id)
                .isEqualTo(event));
    }

    /** Committed use: the sum of the events admitted in the counter's window. */
    long used(CounterKey counter) {
        if (counter.counted().inFlight()) {
            return 0;
        }
        var sum = sums.computeIfAbsent(counter, _ -> new Sum());
        for (; sum.events <= order.size(); sum.events++) {
            setBack(counter, sum);
            if (sum.events == order.size()) {
                break;
            }
            add(order.get(sum.events), counter, sum);
        }
        return sum.used;
    }

    /** What was set back after so many events counts from there. */
    private void setBack(CounterKey counter, Sum sum) {
        var all = storage.setBacks();
        while (sum.setBacks < all.size() && all.get(sum.setBacks).events() <= sum.events) {
            if (all.get(sum.setBacks).counter().equals(counter)) {
                sum.used = 0;
            }
            sum.setBacks++;
        }
    }

    /** Where the events of a sliding window may be: the slices in which anything of its kind was recorded. */
    Set<CounterKey> slices(CounterKey counter) {
        var known = slices.computeIfAbsent(counter.whole(), _ -> new Slices());
        for (; known.events < order.size(); known.events++) {
            var time = order.get(known.events).time();
            known.slices.add(counter.in(counter.counted().window().at(time, Rule.CALENDAR)));
        }
        return known.slices;
    }

    private void add(UsageEvent event, CounterKey counter, Sum sum) {
        var counted = counter.counted();
        if (!counter.window().contains(event.time())
                || !counter.scopeValue().equals(counted.scope().valueOf(event.call()))
                || !counted.filter().matches(event.call().dimensions())) {
            return;
        }
        var amounts = event.metered().amounts();
        boolean level = counted.meter().value().equals("seats") && reported.contains(event.id());
        if (!level) {
            sum.used += amounts.of(counted.meter());
        } else if (amounts.quantities().others().containsKey(counted.meter())
                && (sum.levelAt == null || !event.time().isBefore(sum.levelAt))) {
            sum.used = amounts.of(counted.meter());
            sum.levelAt = event.time();
        }
    }

    int size() {
        return order.size();
    }
}
