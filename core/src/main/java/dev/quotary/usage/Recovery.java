package dev.quotary.usage;

import dev.quotary.catalog.Catalog;
import dev.quotary.ledger.Ledger;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.RecoverableLimiter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Takes up where the last run stopped, before anything is admitted. Dying in the middle of it is harmless: the next start does it again.
 *
 * <p>Committed use comes from the ledger's sums. Holds come from the limiter: those whose event the ledger has are settled; those of the
 * API live on, as their clients do; those of gateway calls are settled with an estimate, as the calls ended with the process.
 */
public final class Recovery {
    private final Catalog catalog;
    private final Ledger ledger;
    private final InstantSource clock;

    public Recovery(Catalog catalog, Ledger ledger, InstantSource clock) {
        this.catalog = catalog;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * What was taken up.
     *
     * @param reservations held through the API, live on
     * @param interruptedCalls of the gateway, settled with an estimate
     */
    public record Recovered(int reservations, int interruptedCalls) {}

    /** Blocks until everything is recorded. */
    public Recovered recover(RecoverableLimiter limiter) {
        var now = clock.instant();
        var rebinding = new Rebinding(catalog);
        ledger.openSums(
                now,
                sum -> rebinding.counter(sum).ifPresent(counter -> {
                    limiter.correct(counter, sum.used());
                    limiter.exceeded(counter, sum.exceededAt());
                }));
        var ended = new HashSet<CounterKey>();
        var interrupted = new ArrayList<Hold>();
        int live = 0;
        for (var hold : limiter.openHolds()) {
            if (recorded(hold)) {
                limiter.settle(hold.call().organization(), hold.id(), List.of(), now);
                continue;
            }
            var rebound = rebinding.rebound(hold, now);
            limiter.restore(rebound, now);
            if (!rebound.expired(now)) {
                ended(rebound, now).filter(ended::add).forEach(counter -> limiter.correct(counter, sum(counter)));
            }
            switch (hold.origin()) {
                case API -> live++;
                case GATEWAY -> interrupted.add(rebound);
            }
        }
        settle(interrupted);
        return new Recovered(live, interrupted.size());
    }

    /** A hold that lives on may be extended in windows that have ended since its admission: their sums are not among the open ones. */
    private static Stream<CounterKey> ended(Hold hold, Instant now) {
        return hold.charges().stream()
                .map(Charge::counter)
                .filter(counter -> !now.isBefore(counter.window().end()));
    }

    private long sum(CounterKey counter) {
        return ledger.sum(counter).toCompletableFuture().join();
    }

    private boolean recorded(Hold hold) {
        return ledger.find(hold.call().organization(), hold.id().event())
                .toCompletableFuture()
                .join()
                .isPresent();
    }

    private void settle(List<Hold> interrupted) {
        var settlements = new Settlements(catalog, ledger, clock);
        var tariff = new Tariff(catalog);
        var pending = interrupted.stream()
                .map(hold -> settlements
                        .commit(hold, Interruptions.commitment(hold, tariff))
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(pending).join();
    }
}
