package dev.quotary.server.runtime;

import dev.quotary.catalog.Catalog;
import dev.quotary.ledger.Ledger;
import dev.quotary.limit.Hold;
import dev.quotary.memory.HoldJournal;
import dev.quotary.memory.JournaledLimiter;
import dev.quotary.usage.Interruptions;
import dev.quotary.usage.Rebinding;
import dev.quotary.usage.Settlements;
import dev.quotary.usage.Tariff;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up where the last run stopped, before anything is admitted.
 *
 * <p>Committed use comes from the ledger's sums. Holds come from the journal: those whose event the ledger has are settled; those of the
 * API live on, as their clients do; those of gateway calls are settled with an estimate, as the calls ended with the process.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Catalog catalog;
    private final Ledger ledger;
    private final InstantSource clock;

    Recovery(Catalog catalog, Ledger ledger, InstantSource clock) {
        this.catalog = catalog;
        this.ledger = ledger;
        this.clock = clock;
    }

    void recover(JournaledLimiter limiter, HoldJournal journal) {
        var now = clock.instant();
        var rebinding = new Rebinding(catalog);
        ledger.openSums(now, sum -> rebinding.counter(sum).ifPresent(counter -> limiter.correct(counter, sum.used())));
        var interrupted = new ArrayList<Hold>();
        int live = 0;
        for (var hold : journal.openHolds()) {
            if (recorded(hold)) {
                limiter.settle(hold.call().organization(), hold.id(), List.of(), now);
                continue;
            }
            var rebound = rebinding.rebound(hold, now);
            limiter.restore(rebound, now);
            switch (hold.origin()) {
                case API -> live++;
                case GATEWAY -> interrupted.add(rebound);
            }
        }
        settle(interrupted);
        if (live + interrupted.size() > 0) {
            LOG.atInfo()
                    .addKeyValue("reservations", live)
                    .addKeyValue("interrupted_calls", interrupted.size())
                    .log("took up what the last run left");
        }
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
