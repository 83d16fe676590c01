package dev.quotary.sql;

import static dev.quotary.testkit.LedgerSamples.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.ledger.Audit;
import dev.quotary.ledger.Ledger;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.testkit.AuditContract;
import dev.quotary.testkit.CostCorrectionContract;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.LedgerSamples;
import dev.quotary.testkit.MeterAuditContract;
import dev.quotary.testkit.MovesContract;
import dev.quotary.testkit.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Beside a ledger that stays open. */
class PostgresAuditTest implements AuditContract, MeterAuditContract, CostCorrectionContract, MovesContract {
    private final List<PostgresDatabase> opened = new ArrayList<>();
    private String url = "";

    @Override
    public Ledger openEmpty() {
        url = PostgresServer.shared().newDatabase();
        var database = PostgresDatabase.open(PostgresUrl.parse(url), LedgerParticipant.NONE);
        opened.add(database);
        return new SqlLedger(database, new LedgerModel.Counters());
    }

    @Override
    public Audit audit() {
        return new PostgresAudit(PostgresUrl.parse(url));
    }

    @Override
    public void damage(String sql) {
        PostgresServer.shared().execute(url, sql);
    }

    @AfterEach
    void close() {
        opened.forEach(PostgresDatabase::close);
    }

    @Test
    void comparison_sees_one_moment_and_rebuild_keeps_others_out_while_events_are_recorded() {
        // Given
        var ledger = openEmpty();
        var samples = new LedgerSamples(new SplittableRandom(7));
        var pending = new ArrayList<CompletableFuture<?>>();
        var counts = new ArrayList<Long>();
        // When
        for (int i = 0; i < 10; i++) {
            for (int j = 0; j < 50; j++) {
                pending.add(ledger.append(List.of(samples.entry())).toCompletableFuture());
            }
            var audit = audit();
            var verification = i % 2 == 0
                    ? audit.verify(Everything.COUNTED, START, PostgresAuditTest::fail)
                    : audit.rebuild(Everything.COUNTED, START, PostgresAuditTest::fail);
            counts.add(verification.events());
        }
        pending.forEach(CompletableFuture::join);
        // Then
        assertThat(counts).isSorted();
        assertThat(counts.getLast()).isPositive();
    }

    private static void fail(Object difference) {
        throw new AssertionError(difference);
    }

    @Test
    void other_database_is_refused_and_left_alone() {
        // Given
        url = PostgresServer.shared().newDatabase();
        // When, Then
        assertThatThrownBy(() -> audit().verify(Everything.TOKENS, START, _ -> {}))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("not that of a Quotary");
        assertThatThrownBy(() -> audit().rebuild(Everything.TOKENS, START, _ -> {}))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("not that of a Quotary");
        assertThat(PostgresServer.shared().number(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isZero();
    }
}
