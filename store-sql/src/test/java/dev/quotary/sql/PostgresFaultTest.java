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
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.testkit.LedgerCountingContract;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of those who wait when something goes wrong with a transaction or its connection. */
class PostgresFaultTest {
    private static final String KILL_ALL_ELSE = """
            SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()""";

    private final PostgresServer server = PostgresServer.shared();
    private final String url = server.newDatabase();
    private final LedgerModel.Counters follower = new LedgerModel.Counters();
    private final Script script = new Script();
    private final PostgresDatabase database = PostgresDatabase.open(PostgresUrl.parse(url), script);
    private final SqlLedger ledger = new SqlLedger(database, follower);

    /** Takes part in the ledger's transactions with what a test has prepared, once each; then with nothing. */
    private static final class Script implements LedgerParticipant {
        private final Deque<Step> steps = new ArrayDeque<>();
        private final List<List<Entry>> seen = new ArrayList<>();

        interface Step {
            void take(Connection connection) throws SQLException;
        }

        synchronized void next(Step step) {
            steps.add(step);
        }

        @Override
        public synchronized void write(Connection connection, List<Entry> recorded, Map<CounterKey, Long> recounted)
                throws SQLException {
            seen.add(recorded);
            var step = steps.poll();
            if (step != null) {
                step.take(connection);
            }
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Appended append(long number) {
        return get(ledger.append(List.of(counting(plain(number, "ann", 1))))).getFirst();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void endOwnSession(Connection connection) {
        try {
            execute(connection, "SELECT pg_terminate_backend(pg_backend_pid())");
        } catch (SQLException _) {
            // The answer is that there is none.
        }
    }

    @Test
    void connections_that_broke_while_idle_are_replaced_without_anybody_noticing() {
        // Given
        append(1);
        found(ledger, plain(1, "ann", 1));
        // When
        server.number(url, KILL_ALL_ELSE);
        // Then
        assertThat(append(2)).isInstanceOf(Appended.Recorded.class);
        assertThat(found(ledger, plain(1, "ann", 1))).isPresent();
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(2);
    }

    @Test
    void transaction_that_was_rolled_back_for_another_is_repeated() {
        // Given
        script.next(_ -> fail("40001"));
        script.next(_ -> fail("40P01"));
        // When
        var answer = append(1);
        // Then
        assertThat(answer).isInstanceOf(Appended.Recorded.class);
        assertThat(follower.events()).hasSize(1);
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(1);
        assertThat(script.seen)
                .hasSize(3)
                .allSatisfy(entries -> assertThat(entries).containsExactly(counting(plain(1, "ann", 1))));
    }

    @Test
    void transaction_that_never_gets_through_fails_in_the_end() {
        // Given
        for (int i = 0; i < 20; i++) {
            script.next(_ -> fail("40001"));
        }
        // When, Then
        assertThatThrownBy(() -> append(1)).isInstanceOf(StoreUnavailableException.class);
        assertThat(script.seen.size()).isBetween(2, 10);
        assertThat(follower.events()).isEmpty();
        assertThat(get(ledger.sum(TOKENS))).isZero();
    }

    private static void fail(String state) throws SQLException {
        throw new SQLException("on purpose", state);
    }

    @Test
    void real_deadlock_with_a_stranger_ends_with_the_event_recorded() throws SQLException {
        // Given: somebody who holds what the participant wants, and waits for what the ledger holds
        append(1);
        server.execute(url, "CREATE TABLE thing (n INT); INSERT INTO thing VALUES (1)");
        try (var stranger = server.connect(url)) {
            stranger.setAutoCommit(false);
            execute(stranger, "SET deadlock_timeout = '1h'");
            execute(stranger, "UPDATE thing SET n = 2");
            script.next(connection -> {
                Thread.ofVirtual().start(() -> {
                    try {
                        execute(stranger, "UPDATE ledger_position SET number = number");
                        stranger.rollback();
                    } catch (SQLException e) {
                        throw new AssertionError(e);
                    }
                });
                execute(connection, "UPDATE thing SET n = 3");
            });
            // When
            var answer = append(2);
            // Then
            assertThat(answer).isInstanceOf(Appended.Recorded.class);
            assertThat(get(ledger.sum(TOKENS))).isEqualTo(2);
        }
    }

    @Test
    void commit_that_took_effect_without_an_answer_is_found_out_and_the_follower_is_told_once() {
        // Given: the commit is done, and then the connection is gone
        script.next(connection -> {
            connection.commit();
            endOwnSession(connection);
        });
        // When
        assertThatThrownBy(() -> append(1))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("may have taken effect");
        var repeated = append(1);
        // Then
        assertThat(repeated).isInstanceOf(Appended.Duplicate.class);
        assertThat(follower.events()).containsExactly(plain(1, "ann", 1));
        assertThat(follower.used()).containsExactly(Map.entry(TOKENS, 1L));
    }

    @Test
    void doubt_is_resolved_although_nobody_repeats() {
        // Given
        script.next(connection -> {
            connection.commit();
            endOwnSession(connection);
        });
        // When
        assertThatThrownBy(() -> append(1)).isInstanceOf(StoreUnavailableException.class);
        // Then: something else waits behind the doubt
        get(ledger.recount(List.of(LedgerCountingContract.recount(TOKENS.in(LedgerCountingContract.EARLIER)))));
        assertThat(follower.events()).containsExactly(plain(1, "ann", 1));
    }

    @Test
    void commit_that_did_not_take_effect_is_found_out_and_its_repeat_is_recorded() {
        // Given
        script.next(PostgresFaultTest::endOwnSession);
        // When
        assertThatThrownBy(() -> append(1)).isInstanceOf(StoreUnavailableException.class);
        var repeated = append(1);
        // Then
        assertThat(repeated).isInstanceOf(Appended.Recorded.class);
        assertThat(follower.events()).containsExactly(plain(1, "ann", 1));
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(1);
    }

    @Test
    void participant_writes_with_the_events_or_not_at_all() {
        // Given
        server.execute(url, "CREATE TABLE noted (n INT)");
        script.next(connection -> execute(connection, "INSERT INTO noted VALUES (1)"));
        script.next(connection -> {
            execute(connection, "INSERT INTO noted VALUES (2)");
            fail("XX000");
        });
        // When
        append(1);
        assertThatThrownBy(() -> append(2)).isInstanceOf(StoreUnavailableException.class);
        var duplicate = append(1);
        // Then
        assertThat(duplicate).isInstanceOf(Appended.Duplicate.class);
        assertThat(server.number(url, "SELECT sum(n) FROM noted")).isEqualTo(1);
        assertThat(found(ledger, plain(2, "ann", 1))).isEmpty();
        assertThat(script.seen).hasSize(2);
    }

    @Test
    void participant_learns_what_was_recounted() {
        // Given
        append(1);
        var seen = new ArrayList<Map<CounterKey, Long>>();
        var other = PostgresDatabase.open(PostgresUrl.parse(url), (_, _, recounted) -> seen.add(recounted));
        try (other;
                var counting = new SqlLedger(other, new LedgerModel.Counters())) {
            // When
            get(counting.recount(List.of(LedgerCountingContract.recount(TOKENS))));
        }
        // Then
        assertThat(seen).containsExactly(Map.of(TOKENS, 1L));
    }
}
