package dev.quotary.testkit;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a ledger must hold after batches were appended one by one: the same rules, as plainly as they can be said. */
public final class LedgerModel {
    private final Map<Key, UsageEvent> events = new LinkedHashMap<>();
    private final Map<CounterKey, Long> sums = new HashMap<>();
    private final Map<CounterKey, Instant> levelTimes = new HashMap<>();

    private record Key(OrganizationKey organization, EventId id) {
        static Key of(UsageEvent event) {
            return new Key(event.call().organization(), event.id());
        }
    }

    /** Whether the batch matches what is there; if so, it is appended. */
    public boolean append(List<Entry> batch) {
        var after = new HashMap<>(events);
        for (var entry : batch) {
            var there = after.putIfAbsent(Key.of(entry.event()), entry.event());
            if (there != null && there.fingerprint() != entry.event().fingerprint()) {
                return false;
            }
        }
        for (var entry : batch) {
            if (events.putIfAbsent(Key.of(entry.event()), entry.event()) == null) {
                post(entry);
            }
        }
        return true;
    }

    private void post(Entry entry) {
        for (var posting : entry.postings()) {
            var counter = posting.counter();
            var newest = levelTimes.get(counter);
            if (!posting.level()) {
                sums.merge(counter, posting.amount(), Math::addExact);
            } else if (newest == null || !entry.event().time().isBefore(newest)) {
                sums.put(counter, posting.amount());
                levelTimes.put(counter, entry.event().time());
            }
        }
    }

    /** The event recorded under the id of this one; null if there is none. */
    public @Nullable UsageEvent event(UsageEvent event) {
        return events.get(Key.of(event));
    }

    public List<UsageEvent> events() {
        return List.copyOf(events.values());
    }

    public Map<CounterKey, Long> sums() {
        return Map.copyOf(sums);
    }

    /** A follower that keeps counters as a limiter does: it adds, sets, and takes what was recounted. */
    public static final class Counters implements Follower {
        private final List<Entry> recorded = new ArrayList<>();
        private final Set<Key> told = new HashSet<>();
        private final Map<CounterKey, Long> used = new HashMap<>();

        @Override
        public synchronized void recorded(Entry entry) {
            if (!told.add(Key.of(entry.event()))) {
                throw new IllegalStateException(
                        "told twice of event " + entry.event().id());
            }
            recorded.add(entry);
            for (var posting : entry.postings()) {
                if (posting.level()) {
                    used.put(posting.counter(), posting.amount());
                } else {
                    used.merge(posting.counter(), posting.amount(), Math::addExact);
                }
            }
        }

        @Override
        public synchronized void recounted(CounterKey counter, long sum) {
            used.put(counter, sum);
        }

        public synchronized List<UsageEvent> events() {
            return recorded.stream().map(Entry::event).toList();
        }

        public synchronized Map<CounterKey, Long> used() {
            return Map.copyOf(used);
        }
    }
}
