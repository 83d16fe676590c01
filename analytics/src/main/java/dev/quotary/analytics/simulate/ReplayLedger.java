package dev.quotary.analytics.simulate;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.CounterSum;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.Reset;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Tells the limiter what is recorded, and keeps nothing: each event of a replay comes once. */
final class ReplayLedger implements Ledger {
    private final Follower follower;

    ReplayLedger(Follower follower) {
        this.follower = follower;
    }

    @Override
    public CompletionStage<List<Appended>> append(List<Entry> entries) {
        entries.forEach(follower::recorded);
        return CompletableFuture.completedStage(entries.stream()
                .<Appended>map(entry -> new Appended.Recorded(entry.event()))
                .toList());
    }

    @Override
    public CompletionStage<Optional<UsageEvent>> find(OrganizationKey organization, EventId id) {
        return CompletableFuture.completedStage(Optional.empty());
    }

    @Override
    public CompletionStage<Void> recount(List<Recount> counters) {
        return CompletableFuture.failedStage(new UnsupportedOperationException("a replay has nothing to count anew"));
    }

    @Override
    public CompletionStage<List<Reset>> reset(List<CounterKey> counters, Instant at, String by) {
        return CompletableFuture.failedStage(new UnsupportedOperationException("nobody resets in a replay"));
    }

    @Override
    public CompletionStage<List<Reset>> resets(OrganizationKey organization, String scopeValue) {
        return CompletableFuture.completedStage(List.of());
    }

    @Override
    public CompletionStage<Void> exceeded(CounterKey counter, Instant at) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void openSums(Instant now, Consumer<CounterSum> each) {
        // A replay begins with nothing.
    }

    @Override
    public CompletionStage<Long> sum(CounterKey counter) {
        return CompletableFuture.completedStage(0L);
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
