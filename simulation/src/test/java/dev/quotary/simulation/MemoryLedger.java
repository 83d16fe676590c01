package dev.quotary.simulation;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.CounterSum;
import dev.quotary.ledger.Coverage;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.Reset;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Posting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The ledger of the port's contract, without a database: deterministic, in the caller's thread. */
final class MemoryLedger implements GroupLedger {
    private final Storage storage;
    private final Follower follower;
    private final List<Work> works = new ArrayList<>();

    /** What survives. */
    static final class Storage implements GroupLedger.Storage {
        private final List<Entry> entries = new ArrayList<>();
        private final Map<Id, UsageEvent> events = new HashMap<>();
        private final Map<CounterKey, Sum> sums = new LinkedHashMap<>();
        private final List<Reset> resets = new ArrayList<>();
        private final List<SetBack> setBacks = new ArrayList<>();
        private final Map<CounterKey, Instant> graces = new LinkedHashMap<>();

        private record Id(OrganizationKey organization, EventId id) {
            static Id of(UsageEvent event) {
                return new Id(event.call().organization(), event.id());
            }
        }

        @Override
        public GroupLedger open(Follower follower) {
            return new MemoryLedger(this, follower);
        }

        @Override
        public List<Entry> entries() {
            return entries;
        }

        @Override
        public List<SetBack> setBacks() {
            return setBacks;
        }

        @Override
        public List<Difference> faults(Coverage coverage, Instant now) {
            return List.of();
        }

        @Override
        public void close() {}
    }

    /** Committed use; a level of an older time does not undo a newer one. */
    private record Sum(long used, @Nullable Instant levelAt) {
        static final Sum NONE = new Sum(0, null);

        boolean outdates(Instant time) {
            return levelAt != null && levelAt.isAfter(time);
        }

        Sum with(Posting posting, Instant time) {
            if (!posting.level()) {
                return new Sum(Math.addExact(used, posting.amount()), levelAt);
            }
            return outdates(time) ? this : new Sum(posting.amount(), time);
        }

        Sum less(long amount) {
            return new Sum(Math.max(0, used - amount), levelAt);
        }
    }

    /** In three rounds over all works of a group. */
    private interface Work {
        void write();

        void tell();

        void answer();
    }

    private MemoryLedger(Storage storage, Follower follower) {
        this.storage = storage;
        this.follower = follower;
    }

    @Override
    public void flush() {
        var group = List.copyOf(works);
        works.clear();
        group.forEach(Work::write);
        group.forEach(Work::tell);
        group.forEach(Work::answer);
    }

    @Override
    public CompletionStage<List<Appended>> append(List<Entry> entries) {
        var work = new AppendWork(List.copyOf(entries));
        works.add(work);
        return work.answer;
    }

    @Override
    public CompletionStage<Void> recount(List<Recount> counters) {
        var work = new RecountWork(counters);
        works.add(work);
        return work.answer;
    }

    @Override
    public CompletionStage<List<Reset>> reset(List<CounterKey> counters, Instant at, String by) {
        var work = new ResetWork(counters, at, by);
        works.add(work);
        return work.answer;
    }

    @Override
    public CompletionStage<List<Reset>> resets(OrganizationKey organization, String scopeValue) {
        return CompletableFuture.completedStage(storage.resets.reversed().stream()
                .filter(reset -> reset.organization().equals(organization)
                        && reset.scopeValue().equals(scopeValue))
                .limit(RESETS_MAX)
                .toList());
    }

    @Override
    public CompletionStage<Void> exceeded(CounterKey counter, Instant at) {
        var work = new GraceWork(counter, at);
        works.add(work);
        return work.answer;
    }

    @Override
    public CompletionStage<Optional<UsageEvent>> find(OrganizationKey organization, EventId id) {
        return CompletableFuture.completedStage(
                Optional.ofNullable(storage.events.get(new Storage.Id(organization, id))));
    }

    @Override
    public CompletionStage<Long> sum(CounterKey counter) {
        return CompletableFuture.completedStage(
                storage.sums.getOrDefault(counter, Sum.NONE).used());
    }

    @Override
    public void openSums(Instant now, Consumer<CounterSum> each) {
        var counters = new LinkedHashSet<>(storage.sums.keySet());
        counters.addAll(storage.graces.keySet());
        for (var counter : counters) {
            if (counter.countsUntil().isAfter(now)) {
                each.accept(new CounterSum(
                        counter.organization(),
                        counter.text(),
                        counter.scopeValue(),
                        counter.window().start(),
                        storage.sums.getOrDefault(counter, Sum.NONE).used(),
                        storage.graces.get(counter)));
            }
        }
    }

    @Override
    public void close() {
        flush();
    }

    private final class AppendWork implements Work {
        private final List<Entry> batch;
        private final List<Entry> recorded = new ArrayList<>();
        private final List<Appended> answers = new ArrayList<>();
        private final CompletableFuture<List<Appended>> answer = new CompletableFuture<>();

        AppendWork(List<Entry> batch) {
            this.batch = batch;
        }

        @Override
        public void write() {
            var known = new HashMap<Storage.Id, UsageEvent>();
            boolean matches = true;
            for (var entry : batch) {
                var id = Storage.Id.of(entry.event());
                var there = known.getOrDefault(id, storage.events.get(id));
                answers.add(answer(entry.event(), there));
                matches &= there == null || there.fingerprint() == entry.event().fingerprint();
                known.putIfAbsent(id, entry.event());
            }
            if (matches) {
                record();
            } else {
                answers.replaceAll(
                        given -> given instanceof Appended.Recorded ? new Appended.Mismatch(given.event()) : given);
            }
        }

        private static Appended answer(UsageEvent event, @Nullable UsageEvent there) {
            if (there == null) {
                return new Appended.Recorded(event);
            }
            return there.fingerprint() == event.fingerprint()
                    ? new Appended.Duplicate(there)
                    : new Appended.Mismatch(there);
        }

        private void record() {
            for (int i = 0; i < batch.size(); i++) {
                if (answers.get(i) instanceof Appended.Recorded) {
                    record(batch.get(i));
                }
            }
        }

        private void record(Entry entry) {
            var event = entry.event();
            storage.entries.add(entry);
            storage.events.put(Storage.Id.of(event), event);
            var counting = new ArrayList<Posting>();
            for (var posting : entry.postings()) {
                var before = storage.sums.getOrDefault(posting.counter(), Sum.NONE);
                if (!posting.level() || !before.outdates(event.time())) {
                    counting.add(posting);
                }
                storage.sums.put(posting.counter(), before.with(posting, event.time()));
            }
            recorded.add(new Entry(event, counting));
        }

        @Override
        public void tell() {
            recorded.forEach(follower::recorded);
        }

        @Override
        public void answer() {
            answer.complete(answers);
        }
    }

    private final class RecountWork implements Work {
        private final List<Recount> recounts;
        private final Map<CounterKey, Sum> sums = new LinkedHashMap<>();
        private final CompletableFuture<Void> answer = new CompletableFuture<>();

        RecountWork(List<Recount> recounts) {
            this.recounts = recounts;
        }

        @Override
        public void write() {
            for (var recount : recounts) {
                storage.sums.keySet().stream()
                        .filter(counter -> isOf(counter, recount))
                        .forEach(counter -> sums.put(counter, Sum.NONE));
                storage.entries.forEach(entry -> count(entry, recount));
            }
            sums.replaceAll(this::lessResets);
            storage.sums.putAll(sums);
        }

        private Sum lessResets(CounterKey counter, Sum sum) {
            return sum.less(storage.resets.stream()
                    .filter(reset -> isOf(counter, reset))
                    .mapToLong(Reset::amount)
                    .sum());
        }

        private static boolean isOf(CounterKey counter, Reset reset) {
            return counter.organization().equals(reset.organization())
                    && counter.text().equals(reset.counted())
                    && counter.scopeValue().equals(reset.scopeValue())
                    && counter.window().start().equals(reset.windowStart());
        }

        private static boolean isOf(CounterKey counter, Recount recount) {
            return counter.organization().equals(recount.organization())
                    && counter.counted().equals(recount.counted())
                    && counter.window().start().equals(recount.window().start());
        }

        private void count(Entry entry, Recount recount) {
            var event = entry.event();
            var call = event.call();
            var scopeValue = recount.counted().scope().valueOf(call);
            if (scopeValue == null
                    || !call.organization().equals(recount.organization())
                    || !recount.window().contains(event.time())
                    || !recount.counted().filter().matches(call.dimensions())) {
                return;
            }
            var counter = new CounterKey(recount.organization(), recount.counted(), scopeValue, recount.window());
            var meter = recount.counted().meter();
            boolean level = entry.levels().contains(meter);
            long amount = event.metered().amounts().of(meter);
            var posting = level ? Posting.set(counter, amount) : Posting.add(counter, amount);
            sums.put(counter, sums.getOrDefault(counter, Sum.NONE).with(posting, event.time()));
        }

        @Override
        public void tell() {
            sums.forEach((counter, sum) -> follower.recounted(counter, sum.used()));
        }

        @Override
        public void answer() {
            answer.complete(null);
        }
    }

    private final class ResetWork implements Work {
        private final List<CounterKey> counters;
        private final Instant at;
        private final String by;
        private final List<Reset> resets = new ArrayList<>();
        private final CompletableFuture<List<Reset>> answer = new CompletableFuture<>();

        ResetWork(List<CounterKey> counters, Instant at, String by) {
            this.counters = counters;
            this.at = at;
            this.by = by;
        }

        @Override
        public void write() {
            for (var counter : counters) {
                var sum = storage.sums.getOrDefault(counter, Sum.NONE);
                boolean graced = storage.graces.remove(counter) != null;
                storage.setBacks.add(new SetBack(storage.entries.size(), counter));
                if (sum.used() > 0 || graced) {
                    resets.add(new Reset(
                            counter.organization(),
                            counter.text(),
                            counter.scopeValue(),
                            counter.window().start(),
                            sum.used(),
                            at,
                            by));
                    storage.sums.put(counter, sum.less(sum.used()));
                }
            }
            storage.resets.addAll(resets);
        }

        @Override
        public void tell() {
            for (var counter : counters) {
                follower.recounted(counter, 0);
                follower.exceeded(counter, null);
            }
        }

        @Override
        public void answer() {
            answer.complete(resets);
        }
    }

    private final class GraceWork implements Work {
        private final CounterKey counter;
        private final Instant at;
        private final CompletableFuture<Void> answer = new CompletableFuture<>();

        GraceWork(CounterKey counter, Instant at) {
            this.counter = counter;
            this.at = at;
        }

        @Override
        public void write() {
            var lastReset = storage.resets.stream()
                    .filter(reset -> RecountWork.isOf(counter, reset))
                    .map(Reset::at)
                    .max(Comparator.naturalOrder());
            if (lastReset.isEmpty() || at.isAfter(lastReset.get())) {
                storage.graces.merge(counter, at, (one, other) -> one.isBefore(other) ? one : other);
            }
        }

        @Override
        public void tell() {
            // Who noted it knows it.
        }

        @Override
        public void answer() {
            answer.complete(null);
        }
    }
}
