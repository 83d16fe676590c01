package dev.quotary.sql;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.journal.Disk;
import dev.quotary.journal.JournalFile;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Correction;
import dev.quotary.ledger.Corrections;
import dev.quotary.ledger.CounterSum;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Move;
import dev.quotary.ledger.Moved;
import dev.quotary.ledger.Moves;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.Reset;
import dev.quotary.ledger.SumPages;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ledger in SQL, on SQLite or PostgreSQL. Times are kept to the microsecond, and are answered so from the first answer on.
 *
 * <p>Two organizations may have events of the same id: neither learns of the other's. Where a batch holds a mismatch, its other entries
 * that would have been recorded answer {@link Appended.Mismatch} with themselves. A level that is older than one known is recorded as an
 * event but moves no counter, and the {@link Follower} is told the entry without that posting.
 */
public final class SqlLedger implements Ledger, SumPages, Corrections, Moves {
    private static final String OPEN_SUMS = """
            SELECT organization, counted, scope_value, window_start, used FROM window_sum WHERE window_end > ?""";

    private static final String USED = "SELECT 1 FROM usage_event WHERE organization = ? LIMIT 1";

    private final SqlAccess database;
    private final Follower follower;
    private final LedgerLine line;
    private volatile boolean closed;

    /**
     * @param follower told on a thread of the ledger's own
     * @throws dev.quotary.limit.StoreUnavailableException if what an earlier run left cannot be brought into the database
     */
    public SqlLedger(SqlDatabase database, Follower follower) {
        this(database, follower, new Disk(), null);
    }

    /**
     * As {@link #SqlLedger(SqlDatabase, Follower)}, and need not ask the database for every id that was made here a moment ago.
     *
     * @param clock by which {@link dev.quotary.call.Ids} makes them
     */
    public SqlLedger(SqlDatabase database, Follower follower, InstantSource clock) {
        this(database, follower, new Disk(), clock);
    }

    /** @param files where entries are logged that are not in the database yet */
    SqlLedger(SqlDatabase database, Follower follower, JournalFile.Opener files, @Nullable InstantSource clock) {
        this.database = SqlAccess.of(database);
        this.follower = new GuardedFollower(follower, this.database.writer().observer());
        this.line = switch (database) {
            case SqliteDatabase sqlite -> sqlite.intake(this.follower, files, clock);
            case PostgresDatabase _ -> new DirectLine(this.database, this.follower);
        };
    }

    @Override
    public CompletionStage<List<Appended>> append(List<Entry> entries) {
        if (entries.isEmpty() || entries.size() > Ledger.BATCH_MAX) {
            throw new IllegalArgumentException("expected 1.." + Ledger.BATCH_MAX + " entries, was " + entries.size());
        }
        var observer = database.writer().observer();
        long begun = observer.nanos();
        return line.append(drafts(entries))
                .whenComplete((_, failure) -> observer.appended(observer.nanos() - begun, failure == null));
    }

    private static List<Draft> drafts(List<Entry> entries) {
        return entries.size() == 1
                ? List.of(Draft.of(entries.getFirst()))
                : entries.stream().map(Draft::of).toList();
    }

    @Override
    public CompletionStage<Void> recount(List<Recount> counters) {
        var work = new RecountWork(List.copyOf(counters), follower);
        line.submit(work);
        return work.answer();
    }

    @Override
    public CompletionStage<Optional<SumPages.Place>> page(
            SumPages.Place from, Instant now, Consumer<List<CounterSum>> page) {
        var work = new PageWork(from, now, page);
        line.submit(work);
        return work.answer();
    }

    @Override
    public CompletionStage<List<Reset>> reset(List<CounterKey> counters, Instant at, String by) {
        var work = new ResetWork(List.copyOf(counters), at, by, follower);
        line.submit(work);
        return work.answer();
    }

    @Override
    public CompletionStage<List<Reset>> resets(OrganizationKey organization, String scopeValue) {
        return closed
                ? CompletableFuture.failedFuture(GroupWriter.refused("the ledger is closed"))
                : database.readers().submit(session -> CounterEntries.resets(session, organization, scopeValue));
    }

    @Override
    public CompletionStage<List<Boolean>> correct(List<Correction> corrections) {
        if (corrections.isEmpty() || corrections.size() > Corrections.BATCH_MAX) {
            throw new IllegalArgumentException(
                    "expected 1.." + Corrections.BATCH_MAX + " corrections, was " + corrections.size());
        }
        var work = new CorrectionWork(List.copyOf(corrections), follower);
        line.submit(work);
        return work.answer();
    }

    @Override
    public CompletionStage<List<Correction>> corrections(OrganizationKey organization, EventId event) {
        if (closed) {
            return CompletableFuture.failedFuture(GroupWriter.refused("the ledger is closed"));
        }
        return database.readers().submit(session -> {
            var found = Events.find(session, organization, event);
            return found.isPresent() ? CostCorrections.of(session, found.get()) : List.<Correction>of();
        });
    }

    @Override
    public CompletionStage<List<Recorded>> events(Query query) {
        if (closed) {
            return CompletableFuture.failedFuture(GroupWriter.refused("the ledger is closed"));
        }
        line.fold();
        return database.readers().submit(session -> CostCorrections.events(session, query));
    }

    @Override
    public CompletionStage<Boolean> used(OrganizationKey organization) {
        if (closed) {
            return CompletableFuture.failedFuture(GroupWriter.refused("the ledger is closed"));
        }
        line.fold();
        return database.readers().submit(session -> {
            session.fill(USED).text(organization.value());
            try (var row = session.prepared(USED).executeQuery()) {
                return row.next();
            }
        });
    }

    @Override
    public CompletionStage<Moved> move(Move move) {
        var work = new MoveWork(move, follower);
        line.submit(work);
        return work.answer();
    }

    @Override
    public CompletionStage<Optional<Moved>> moved(OrganizationKey organization, SubjectKey from) {
        return closed
                ? CompletableFuture.failedFuture(GroupWriter.refused("the ledger is closed"))
                : database.readers().submit(session -> SubjectMoves.find(session, organization, from));
    }

    @Override
    public CompletionStage<List<Moved>> movedSince(Instant from) {
        return closed
                ? CompletableFuture.failedFuture(GroupWriter.refused("the ledger is closed"))
                : database.readers().submit(session -> SubjectMoves.since(session, from));
    }

    @Override
    public CompletionStage<Void> exceeded(CounterKey counter, Instant at) {
        var work = new GraceWork(counter, at, follower);
        line.submit(work);
        return work.answer();
    }

    @Override
    public CompletionStage<Optional<UsageEvent>> find(OrganizationKey organization, EventId id) {
        if (closed) {
            return CompletableFuture.failedFuture(GroupWriter.refused("the ledger is closed"));
        }
        var unfolded = line.unfolded(new EventKey(organization, id));
        return unfolded == null
                ? database.readers().submit(session -> Events.find(session, organization, id))
                : CompletableFuture.completedFuture(Optional.of(unfolded));
    }

    @Override
    public CompletionStage<Long> sum(CounterKey counter) {
        return line.sum(counter);
    }

    @Override
    public void openSums(Instant now, Consumer<CounterSum> each) {
        line.fold();
        database.readers().run(session -> {
            var graces = CounterEntries.openGraces(session, now);
            session.fill(OPEN_SUMS).number(Micros.of(now));
            session.stream(OPEN_SUMS, columns -> {
                var name = new CounterEntries.Name(columns.text(), columns.text(), columns.text(), columns.number());
                each.accept(sum(name, columns.number(), graces.remove(name)));
            });
            graces.forEach((name, since) -> each.accept(sum(name, 0, since)));
            return true;
        });
    }

    private static CounterSum sum(CounterEntries.Name name, long used, @Nullable Instant exceededAt) {
        return new CounterSum(
                new OrganizationKey(name.organization()),
                name.counted(),
                name.scopeValue(),
                Micros.instant(name.windowStart()),
                used,
                exceededAt);
    }

    /** Blocks until everything acknowledged is in the database. */
    void fold() {
        line.fold();
    }

    /** Finishes what was appended. The database stays open: it may hold more than the ledger. */
    @Override
    public void close() {
        closed = true;
        line.close();
    }
}
