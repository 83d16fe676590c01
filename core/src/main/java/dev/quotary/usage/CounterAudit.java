package dev.quotary.usage;

import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.ledger.CounterSum;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.SumPages;
import dev.quotary.limit.CommittedUse;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Limiter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Lays the counters of the limiter beside the sums of the ledger, a page at a time, and corrects those that are wrong.
 *
 * <p>Both happen at one place in the ledger's order, on its own thread, as a recount does: an event that is on its way is in the sum
 * and in the counter, or in neither. So whatever differs is wrong, and what is corrected stays right. Safe for many threads.
 */
public final class CounterAudit implements CounterPages {
    private final Catalog catalog;
    private final Limiter limiter;
    private final CommittedUse use;
    private final SumPages sums;
    private final InstantSource clock;

    /**
     * A limiter that decides here, and tells by what.
     *
     * @param use of the same limiter
     */
    public record Counters(Limiter limiter, CommittedUse use) {}

    public CounterAudit(Catalog catalog, Counters counters, SumPages sums, InstantSource clock) {
        this.catalog = catalog;
        this.limiter = counters.limiter();
        this.use = counters.use();
        this.sums = sums;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Page> page(SumPages.Place from, Remedy remedy) {
        var laid = new Laid(remedy);
        return sums.page(from, clock.instant(), laid)
                .thenApply(next -> new Page(laid.compared, laid.differences, laid.wrong, next));
    }

    /** One page, while it is compared on the ledger's thread; read after its stage is complete. */
    private final class Laid implements Consumer<List<CounterSum>> {
        private final Remedy remedy;
        private final List<Difference.OfCounter> differences = new ArrayList<>();
        private final List<CounterKey> wrong = new ArrayList<>();
        private int compared;

        Laid(Remedy remedy) {
            this.remedy = remedy;
        }

        @Override
        public void accept(List<CounterSum> page) {
            var rebinding = new Rebinding(catalog);
            var now = clock.instant();
            var byOrganization = new LinkedHashMap<OrganizationKey, Map<CounterKey, Long>>();
            for (var sum : page) {
                rebinding
                        .counter(sum)
                        .filter(counter -> now.isBefore(counter.window().end()))
                        .ifPresent(counter -> byOrganization
                                .computeIfAbsent(sum.organization(), _ -> new LinkedHashMap<>())
                                .put(counter, sum.used()));
            }
            byOrganization.forEach(this::lay);
        }

        private void lay(OrganizationKey organization, Map<CounterKey, Long> expected) {
            var counters = List.copyOf(expected.keySet());
            long[] found = use.committed(organization, counters);
            for (int i = 0; i < found.length; i++) {
                var counter = counters.get(i);
                long right = expected.getOrDefault(counter, 0L);
                compared++;
                if (found[i] != right) {
                    wrong.add(counter);
                    var whose = new Difference.Whose(
                            counter.scopeValue(), counter.window().start());
                    differences.add(new Difference.OfCounter(organization, counter.text(), whose, right, found[i]));
                    if (remedy == Remedy.CORRECT) {
                        limiter.correct(counter, right);
                    }
                }
            }
        }
    }
}
