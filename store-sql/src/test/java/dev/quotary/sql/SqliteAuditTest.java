package dev.quotary.sql;

import static dev.quotary.testkit.LedgerSamples.ACME;
import static dev.quotary.testkit.LedgerSamples.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.ledger.Audit;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Ledger;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.testkit.AuditContract;
import dev.quotary.testkit.CostCorrectionContract;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.LedgerSamples;
import dev.quotary.testkit.MeterAuditContract;
import dev.quotary.testkit.MovesContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside a ledger that stays open. */
class SqliteAuditTest implements AuditContract, MeterAuditContract, CostCorrectionContract, MovesContract {
    @TempDir
    private Path directory;

    private final List<SqliteDatabase> opened = new ArrayList<>();
    private final List<Ledger> ledgers = new ArrayList<>();

    @Override
    public Ledger openEmpty() {
        var database = SqliteDatabase.open(directory.resolve("ledger-" + (opened.size() + 1) + ".db"));
        opened.add(database);
        var ledger = new SqlLedger(database, new LedgerModel.Counters());
        ledgers.add(ledger);
        return ledger;
    }

    /** What the ledger has acknowledged is in the database a moment later; a test does not wait for that moment. */
    private void fold() {
        ledgers.forEach(ledger -> ledger.openSums(START, _ -> {}));
    }

    private Path file() {
        return directory.resolve("ledger-" + opened.size() + ".db");
    }

    @Override
    public Audit audit() {
        fold();
        return new SqliteAudit(file());
    }

    @Override
    public void damage(String sql) {
        fold();
        try {
            RawSql.execute(file(), sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        opened.forEach(SqliteDatabase::close);
    }

    @Test
    void comparison_sees_one_moment_while_events_are_recorded() {
        // Given
        var ledger = openEmpty();
        var samples = new LedgerSamples(new SplittableRandom(7));
        var pending = new ArrayList<CompletableFuture<?>>();
        var counts = new ArrayList<Long>();
        // When
        for (int i = 0; i < 20; i++) {
            for (int j = 0; j < 50; j++) {
                pending.add(ledger.append(List.of(samples.entry())).toCompletableFuture());
            }
            var verification = audit().verify(Everything.COUNTED, START, difference -> {
                throw new AssertionError(difference);
            });
            counts.add(verification.events());
            // Some of them are there by the next comparison, others are on their way.
            pending.get(50 * i).join();
        }
        pending.forEach(CompletableFuture::join);
        // Then
        assertThat(counts).isSorted();
        assertThat(counts.getLast()).isPositive();
    }

    @Test
    void sums_by_day_and_month_are_compared_and_made_anew() {
        // Given
        var ledger = openEmpty();
        for (int i = 1; i <= 3; i++) {
            ledger.append(List.of(LedgerSamples.entry(LedgerSamples.plain(i, "ann", 10))))
                    .toCompletableFuture()
                    .join();
        }
        fold();
        var rollups = new SqlRollups(opened.getLast());
        rollups.sumUp(START.plus(Duration.ofDays(2)), () -> true);
        var whole = differences();
        damage("UPDATE usage_day SET tokens = 31");
        damage("DELETE FROM usage_month");
        damage("INSERT INTO usage_total SELECT organization, hour + 3600000000, provider, model, feature, "
                + String.join(", ", HourlyRollup.SUMS) + " FROM usage_total");
        // When
        var damaged = differences();
        audit().rebuild(Everything.COUNTED, START, _ -> {});
        var rebuilt = differences();
        rollups.sumUp(START.plus(Duration.ofDays(2)), () -> true);
        var summedUp = differences();
        // Then
        assertThat(whole).isEmpty();
        var ann = new Difference.Hour(START, "ann", "", "", "");
        var next = new Difference.Hour(START.plus(Duration.ofHours(1)), "", "", "", "");
        assertThat(damaged)
                .contains(
                        new Difference.OfRollup(ACME, ann, "usage_day.tokens", 30, 31),
                        new Difference.OfRollup(ACME, ann, "usage_month.tokens", 30, 0),
                        new Difference.OfRollup(ACME, next, "usage_total.events", 0, 3));
        assertThat(rebuilt).isEmpty();
        assertThat(summedUp).isEmpty();
        assertThat(number("SELECT tokens FROM usage_month")).isEqualTo(30);
    }

    private List<Difference> differences() {
        var found = new ArrayList<Difference>();
        audit().verify(Everything.COUNTED, START, found::add);
        return found;
    }

    private long number(String sql) {
        try {
            return RawSql.number(file(), sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void comparison_changes_nothing_and_makes_no_file() {
        // Given
        var nowhere = directory.resolve("nowhere.db");
        // When, Then
        assertThatThrownBy(() -> new SqliteAudit(nowhere).verify(Everything.TOKENS, START, _ -> {}))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("cannot be opened");
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void other_file_is_refused() throws Exception {
        // Given
        var text = Files.writeString(directory.resolve("text.db"), "not a database, but long enough to be read as one");
        var foreign = directory.resolve("foreign.db");
        RawSql.execute(foreign, "CREATE TABLE t (x)");
        // When, Then
        assertThatThrownBy(() -> new SqliteAudit(text).verify(Everything.TOKENS, START, _ -> {}))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("not a SQLite database");
        assertThatThrownBy(() -> new SqliteAudit(foreign).verify(Everything.TOKENS, START, _ -> {}))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("not the database of a Quotary");
    }
}
