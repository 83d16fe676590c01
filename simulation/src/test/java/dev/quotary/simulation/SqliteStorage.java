package dev.quotary.simulation;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.CounterSum;
import dev.quotary.ledger.Coverage;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.Reset;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import dev.quotary.sql.SqlLedger;
import dev.quotary.sql.SqliteAudit;
import dev.quotary.sql.SqliteDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The real ledger on a file. Every process opens it anew; its thread works only while the simulation waits for it. */
final class SqliteStorage implements GroupLedger.Storage {
    private final Path file;
    private final List<Entry> entries = new ArrayList<>();
    private final List<GroupLedger.SetBack> setBacks = new ArrayList<>();

    /** @param directory in which a file of its own is made */
    SqliteStorage(Path directory) {
        try {
            this.file = Files.createTempDirectory(directory, "run").resolve("quotary.db");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public GroupLedger open(Follower follower) {
        var database = SqliteDatabase.open(file);
        return new Opened(database, new SqlLedger(database, new Noting(entries, setBacks, follower)));
    }

    @Override
    public List<Entry> entries() {
        return entries;
    }

    /** Rollups and sums against the events, as {@code verify-ledger} compares them. */
    @Override
    public List<GroupLedger.SetBack> setBacks() {
        return setBacks;
    }

    @Override
    public List<Difference> faults(Coverage coverage, Instant now) {
        var faults = new ArrayList<Difference>();
        try (var audit = new SqliteAudit(file)) {
            audit.verify(coverage, now, faults::add);
        }
        return faults;
    }

    @Override
    public void close() {
        try (var files = Files.list(file.resolveSibling("."))) {
            for (var each : files.toList()) {
                Files.delete(each);
            }
            Files.delete(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Notes what the database has made durable, also for a process that is dead by then. */
    private record Noting(List<Entry> entries, List<GroupLedger.SetBack> setBacks, Follower follower)
            implements Follower {
        @Override
        public void recorded(Entry entry) {
            entries.add(entry);
            follower.recorded(entry);
        }

        @Override
        public void recounted(CounterKey counter, long used) {
            follower.recounted(counter, used);
        }

        /** That there is no grace any more is told where a counter was set back, and only there. */
        @Override
        public void exceeded(CounterKey counter, @Nullable Instant at) {
            if (at == null) {
                setBacks.add(new GroupLedger.SetBack(entries.size(), counter));
            }
            follower.exceeded(counter, at);
        }
    }

    private static final class Opened implements GroupLedger {
        private final SqliteDatabase database;
        private final Ledger ledger;
        private final List<CompletableFuture<?>> pending = new ArrayList<>();

        Opened(SqliteDatabase database, Ledger ledger) {
            this.database = database;
            this.ledger = ledger;
        }

        @Override
        public void flush() {
            for (var answer : pending) {
                try {
                    answer.join();
                } catch (CompletionException _) {
                    // Whoever asked learns of it by the same stage.
                }
            }
            pending.clear();
        }

        private <T> CompletionStage<T> pending(CompletionStage<T> stage) {
            pending.add(stage.toCompletableFuture());
            return stage;
        }

        @Override
        public CompletionStage<List<Appended>> append(List<Entry> batch) {
            return pending(ledger.append(batch));
        }

        @Override
        public CompletionStage<Optional<UsageEvent>> find(OrganizationKey organization, EventId id) {
            return pending(ledger.find(organization, id));
        }

        @Override
        public CompletionStage<Void> recount(List<Recount> counters) {
            return pending(ledger.recount(counters));
        }

        @Override
        public CompletionStage<List<Reset>> reset(List<CounterKey> counters, Instant at, String by) {
            return pending(ledger.reset(counters, at, by));
        }

        @Override
        public CompletionStage<List<Reset>> resets(OrganizationKey organization, String scopeValue) {
            return pending(ledger.resets(organization, scopeValue));
        }

        @Override
        public CompletionStage<Void> exceeded(CounterKey counter, Instant at) {
            return pending(ledger.exceeded(counter, at));
        }

        @Override
        public void openSums(Instant now, Consumer<CounterSum> each) {
            ledger.openSums(now, each);
        }

        @Override
        public CompletionStage<Long> sum(CounterKey counter) {
            return pending(ledger.sum(counter));
        }

        @Override
        public void close() {
            ledger.close();
            database.close();
        }
    }
}
