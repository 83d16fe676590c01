package dev.quotary.sql;

import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Straight into the database: for one that others write to too, where nothing may be acknowledged that they do not see. */
final class DirectLine implements LedgerLine {
    private final SqlAccess database;
    private final Follower follower;
    private volatile boolean closed;

    DirectLine(SqlAccess database, Follower follower) {
        this.database = database;
        this.follower = follower;
    }

    @Override
    public CompletionStage<List<Appended>> append(List<Draft> batch) {
        var work = new AppendWork(batch, follower);
        submit(work);
        return work.answer();
    }

    @Override
    public void submit(Work work) {
        if (closed) {
            work.failed(GroupWriter.refused("the ledger is closed"));
        } else {
            database.writer().submit(work);
        }
    }

    @Override
    public @Nullable UsageEvent unfolded(EventKey key) {
        return null;
    }

    @Override
    public CompletionStage<Long> sum(CounterKey counter) {
        return closed
                ? CompletableFuture.failedFuture(GroupWriter.refused("the ledger is closed"))
                : database.readers()
                        .submit(session -> WindowSums.read(session, counter).used());
    }

    @Override
    public void fold() {
        // Nothing is acknowledged before it is there.
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            database.writer().drain();
        }
    }
}
