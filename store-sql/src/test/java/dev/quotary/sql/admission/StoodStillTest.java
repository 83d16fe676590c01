package dev.quotary.sql.admission;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.LimiterContract.TOKENS;
import static dev.quotary.testkit.LimiterContract.charge;
import static dev.quotary.testkit.LimiterContract.levels;
import static dev.quotary.testkit.LimiterContract.show;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.testkit.postgres.PostgresServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server that stands still in the middle of a transaction, until the database has ended that. It must ask again: an operator's leave to
 * go on without the database is for one that does not answer.
 */
@Timeout(60)
class StoodStillTest {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final LimiterDatabase database = new LimiterDatabase(PostgresServer.shared());
    private final AtomicInteger freezes = new AtomicInteger();
    private final AtomicInteger breaks = new AtomicInteger();

    /** Connections that, just before they commit, break, or stand still for longer than the database waits, so many times. */
    private Connection connect() {
        var connection = database.connect();
        return proxy(Connection.class, (method, arguments) -> {
            var answer = method.invoke(connection, arguments);
            boolean commits = method.getName().equals("prepareStatement")
                    && String.valueOf(arguments[0]).endsWith(Texts.COMMIT);
            return commits ? standingStill(connection, (PreparedStatement) answer) : answer;
        });
    }

    private PreparedStatement standingStill(Connection connection, PreparedStatement statement) {
        return proxy(PreparedStatement.class, (method, arguments) -> {
            if (method.getName().equals("execute") && breaks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                connection.close();
                throw new SQLException("broken pipe", "08006");
            }
            if (method.getName().equals("execute") && freezes.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                standStill(connection);
            }
            return method.invoke(statement, arguments);
        });
    }

    private interface Call {
        @Nullable Object of(Method method, @Nullable Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    try {
                        return call.of(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void standStill(Connection connection) throws SQLException {
        long session;
        try (var statement = connection.createStatement()) {
            statement.execute("SET LOCAL idle_in_transaction_session_timeout = '1ms'");
            try (var row = statement.executeQuery("SELECT pg_backend_pid()")) {
                assertThat(row.next()).isTrue();
                session = row.getLong(1);
            }
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (database.number("SELECT count(*) FROM pg_stat_activity WHERE pid = " + session) > 0) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    @Test
    void decision_that_the_database_gave_up_meanwhile_is_made_anew() {
        // Given
        try (var node = new PostgresLimiter(this::connect, "one", PostgresLimiterOptions.DEFAULT);
                var other = database.node("two")) {
            node.reserve(hold(1, START, charge(TOKENS, 1, 100)), START);
            freezes.set(1);
            // When
            var answer = node.reserve(hold(2, START, charge(TOKENS, 60, 100)), START);
            // Then
            assertThat(freezes.get()).isZero();
            assertThat(show(answer)).isEqualTo("granted used 0 held 61");
            assertThat(levels(other, START, TOKENS)).isEqualTo("used 0 held 61");
        }
    }

    /** As when the operating system has noticed first that the other side is gone. */
    @Test
    void decision_over_a_connection_that_broke_is_made_anew_on_another() {
        // Given
        try (var node = new PostgresLimiter(this::connect, "one", new PostgresLimiterOptions(1, 500, DEADLINE));
                var other = database.node("two")) {
            node.reserve(hold(1, START, charge(TOKENS, 1, 100)), START);
            breaks.set(1);
            // When
            var answer = node.reserve(hold(2, START, charge(TOKENS, 60, 100)), START);
            // Then
            assertThat(breaks.get()).isZero();
            assertThat(show(answer)).isEqualTo("granted used 0 held 61");
            assertThat(levels(other, START, TOKENS)).isEqualTo("used 0 held 61");
        }
    }

    /** Whether it took effect is unknown: the limiter is asked again by whoever released. */
    @Test
    void release_over_a_connection_that_broke_is_not_made_twice() {
        // Given
        try (var node = new PostgresLimiter(this::connect, "one", new PostgresLimiterOptions(1, 500, DEADLINE))) {
            node.reserve(hold(1, START, charge(TOKENS, 1, 100)), START);
            breaks.set(1);
            // When
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> node.release(ORGANIZATION, id(1), START));
            // Then
            assertThat(releasedWhenItAnswers(node)).isTrue();
        }
    }

    /** After a failure the limiter leaves the database alone for a moment. */
    private static boolean releasedWhenItAnswers(PostgresLimiter node) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                return node.release(ORGANIZATION, id(1), START).isPresent();
            } catch (StoreUnavailableException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }
}
