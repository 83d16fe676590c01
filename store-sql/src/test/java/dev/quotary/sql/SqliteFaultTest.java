package dev.quotary.sql;

import static dev.quotary.testkit.LedgerContract.TOKENS;
import static dev.quotary.testkit.LedgerContract.counting;
import static dev.quotary.testkit.LedgerContract.found;
import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerSamples.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.testkit.LedgerContract;
import dev.quotary.testkit.LedgerCountingContract;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.LedgerSamples;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of those who wait when a transaction fails, and of those who come afterwards. */
class SqliteFaultTest {
    private final LedgerModel.Counters follower = new LedgerModel.Counters();

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("quotary.db");
    }

    @Test
    void database_without_room_fails_the_stage_when_the_intake_is_full_and_nothing_is_half_done() throws SQLException {
        // Given: a file that may not grow
        var pragmas = new CopyOnWriteArrayList<>(List.of("PRAGMA max_page_count = 60"));
        try (var database = SqliteDatabase.open(file(), pragmas);
                var ledger = new SqlLedger(database, follower)) {
            var kept = new ArrayList<Entry>();
            var next = batch(0);
            // When
            var answer = ledger.append(next);
            while (recorded(answer)) {
                kept.addAll(next);
                next = batch(kept.size());
                answer = ledger.append(next);
            }
            // Then
            var failed = answer;
            var refused = next;
            assertThatThrownBy(() -> get(failed))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("the disk is full");
            assertThat(kept).hasSizeGreaterThanOrEqualTo(Intake.UNFOLDED_MAX);
            assertThat(kept)
                    .allSatisfy(
                            entry -> assertThat(found(ledger, entry.event())).contains(entry.event()));
            assertThat(refused)
                    .allSatisfy(
                            entry -> assertThat(found(ledger, entry.event())).isEmpty());
            assertThat(get(ledger.sum(TOKENS))).isEqualTo(kept.size());
            assertThat(follower.events()).hasSize(kept.size());
            // When: there is room again
            pragmas.clear();
            var repeated = get(ledger.append(refused));
            // Then
            assertThat(repeated).hasOnlyElementsOfType(Appended.Recorded.class);
            assertThat(get(ledger.sum(TOKENS))).isEqualTo(kept.size() + refused.size());
            LedgerContract.openSums(ledger, LedgerSamples.START);
            assertThat(RawSql.number(file(), "SELECT sum(events) FROM usage_hour"))
                    .isEqualTo(kept.size() + refused.size());
        }
    }

    private static List<Entry> batch(int from) {
        var entries = new ArrayList<Entry>();
        for (int i = from; i < from + 50; i++) {
            entries.add(counting(plain(i, "user-" + i, 1)));
        }
        return entries;
    }

    private static boolean recorded(CompletionStage<List<Appended>> answer) {
        return answer.handle((_, error) -> error == null).toCompletableFuture().join();
    }

    @Test
    void file_locked_by_another_process_delays_what_needs_the_database_and_nothing_else() throws SQLException {
        // Given
        try (var database = SqliteDatabase.open(file(), List.of("PRAGMA busy_timeout = 1"));
                var ledger = new SqlLedger(database, follower);
                var other = RawSql.connect(file())) {
            other.createStatement().execute("BEGIN IMMEDIATE");
            // When
            var recorded = ledger.append(List.of(counting(plain(1, "ann", 1))));
            var refused = ledger.recount(List.of(LedgerCountingContract.recount(TOKENS)));
            // Then
            assertThat(get(recorded)).hasOnlyElementsOfType(Appended.Recorded.class);
            assertThatThrownBy(() -> get(refused))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("another process");
            assertThat(get(ledger.sum(TOKENS))).isEqualTo(1);
            other.createStatement().execute("ROLLBACK");
            get(ledger.recount(List.of(LedgerCountingContract.recount(TOKENS))));
            assertThat(RawSql.number(file(), "SELECT used FROM window_sum")).isEqualTo(1);
            assertThat(follower.events()).hasSize(1);
        }
    }

    @Test
    void error_of_our_own_fails_the_transaction_but_not_the_writer() {
        // Given
        try (var database = SqliteDatabase.open(file());
                var ledger = new SqlLedger(database, follower)) {
            var broken = new Broken();
            // When
            database.writer().submit(broken);
            // Then
            assertThatThrownBy(() -> get(broken.answer)).isInstanceOf(StoreUnavailableException.class);
            assertThat(get(ledger.append(List.of(counting(plain(1, "ann", 1))))))
                    .hasOnlyElementsOfType(Appended.Recorded.class);
        }
    }

    private static final class Broken implements Work {
        private final CompletableFuture<Void> answer = new CompletableFuture<>();

        @Override
        public int rows() {
            return 1;
        }

        @Override
        public void write(Tables tables) {
            throw new StackOverflowError("on purpose");
        }

        @Override
        public void completed() {
            answer.complete(null);
        }

        @Override
        public void failed(StoreUnavailableException why) {
            answer.completeExceptionally(why);
        }
    }

    @Test
    void follower_that_throws_keeps_nobody_waiting() {
        // Given
        try (var database = SqliteDatabase.open(file());
                var ledger = new SqlLedger(database, new ThrowingFollower())) {
            // When
            var answer = ledger.append(List.of(counting(plain(1, "ann", 1)), counting(plain(2, "ann", 1))));
            // Then
            assertThat(get(answer)).hasOnlyElementsOfType(Appended.Recorded.class);
            assertThat(get(ledger.sum(TOKENS))).isEqualTo(2);
        }
    }

    private static final class ThrowingFollower implements Follower {
        @Override
        public void recorded(Entry entry) {
            throw new AssertionError("on purpose");
        }

        @Override
        public void recounted(CounterKey counter, long used) {
            throw new IllegalStateException("on purpose");
        }
    }

    @Test
    void full_queue_refuses_at_once_and_forgets_nothing_it_took() {
        // Given: a writer that is kept busy by its follower
        var busy = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        var blocking = new BlockingFollower(busy, gate);
        try (var database = SqliteDatabase.open(file());
                var ledger = new SqlLedger(database, blocking)) {
            var taken = new ArrayList<CompletionStage<List<Appended>>>();
            taken.add(ledger.append(List.of(counting(plain(0, "ann", 1)))));
            await(busy);
            // When
            int number = 1;
            var last = ledger.append(List.of(counting(plain(number, "ann", 1))));
            while (!last.toCompletableFuture().isCompletedExceptionally()) {
                taken.add(last);
                number++;
                last = ledger.append(List.of(counting(plain(number, "ann", 1))));
            }
            gate.countDown();
            // Then
            var refused = last;
            assertThatThrownBy(() -> get(refused))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("too much is waiting");
            assertThat(taken).hasSize(GroupWriter.ROWS_WAITING_MAX);
            assertThat(taken)
                    .allSatisfy(stage -> assertThat(get(stage)).hasOnlyElementsOfType(Appended.Recorded.class));
            assertThat(get(ledger.sum(TOKENS))).isEqualTo(taken.size());
        }
    }

    private record BlockingFollower(CountDownLatch busy, CountDownLatch gate) implements Follower {
        @Override
        public void recorded(Entry entry) {
            busy.countDown();
            await(gate);
        }

        @Override
        public void recounted(CounterKey counter, long used) {}
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
