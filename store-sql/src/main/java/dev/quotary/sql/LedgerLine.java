package dev.quotary.sql;

import dev.quotary.ledger.Appended;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The one line in which everything that a ledger writes is made durable. Never makes a caller wait, but in {@link #fold}. */
sealed interface LedgerLine extends AutoCloseable permits Intake, DirectLine {
    CompletionStage<List<Appended>> append(List<Draft> batch);

    /** Has work written to the database in its turn, with everything in line before it already there. */
    void submit(Work work);

    /** An acknowledged event that may not be in the database yet; null for one that is, or is none. */
    @Nullable UsageEvent unfolded(EventKey key);

    /** The committed use of a counter, with everything acknowledged. */
    CompletionStage<Long> sum(CounterKey counter);

    /**
     * Returns when everything acknowledged is in the database.
     *
     * @throws dev.quotary.limit.StoreUnavailableException if that cannot be done
     */
    void fold();

    /** Answers everything in line; later calls fail. */
    @Override
    void close();
}
