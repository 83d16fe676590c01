package dev.quotary.usage;

import dev.quotary.ledger.Difference;
import dev.quotary.ledger.SumPages;
import dev.quotary.limit.CounterKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Lays the counters of a limiter beside what they must be, a page at a time. Safe for many threads. */
public interface CounterPages {
    /** What is to be done about a counter that differs. */
    enum Remedy {
        TELL,
        CORRECT
    }

    /**
     * What one page gave.
     *
     * @param wrong the counters of the differences whose right value is a stored sum, which may itself be wrong
     * @param next where to go on; empty after the last page
     */
    record Page(
            int compared,
            List<Difference.OfCounter> differences,
            List<CounterKey> wrong,
            Optional<SumPages.Place> next) {}

    /** Compares the page that begins at a place. */
    CompletionStage<Page> page(SumPages.Place from, Remedy remedy);
}
