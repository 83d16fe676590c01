package dev.quotary.sql.admission;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.TTL;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.LimiterContract.REQUESTS;
import static dev.quotary.testkit.LimiterContract.TOKENS;
import static dev.quotary.testkit.LimiterContract.charge;
import static dev.quotary.testkit.LimiterContract.levels;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.meter.Amounts;
import dev.quotary.price.TokenUsage;
import dev.quotary.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HoldSettlementTest {
    private final LimiterDatabase database = new LimiterDatabase(PostgresServer.shared());
    private final HoldSettlement settlement = new HoldSettlement("one");

    private static Entry recorded(long number) {
        var call = new Call(ORGANIZATION, null, null, Dimensions.NONE);
        var metered = new Metered(Amounts.NONE, TokenUsage.NONE, Optional.empty(), Evidence.REPORTED);
        return new Entry(new UsageEvent(id(number).event(), START, call, metered, Result.SUCCESS, "", 0), List.of());
    }

    private void settle(Connection connection, long... numbers) throws SQLException {
        settlement.write(
                connection,
                LongStream.of(numbers).mapToObj(HoldSettlementTest::recorded).toList(),
                Map.of());
    }

    @Test
    void holds_go_when_the_transaction_of_the_ledger_is_committed_and_not_before() throws SQLException {
        // Given
        try (var limiter = database.node("one");
                var connection = database.connect()) {
            limiter.reserve(hold(1, START, charge(TOKENS, 10, 100), charge(REQUESTS, 1, 9)), START);
            limiter.reserve(hold(2, START, charge(TOKENS, 5, 100)), START);
            limiter.reserve(hold(3, START, charge(TOKENS, 3, 100)), START);
            connection.setAutoCommit(false);
            // When
            settle(connection, 1, 2, 99);
            var before = levels(limiter, START, TOKENS, REQUESTS);
            connection.commit();
            // Then
            assertThat(before).isEqualTo("used 0 held 18, used 0 held 1");
            assertThat(levels(limiter, START, TOKENS, REQUESTS)).isEqualTo("used 0 held 3, used 0 held 0");
            assertThat(limiter.find(ORGANIZATION, id(1), START)).isEmpty();
            assertThat(limiter.find(ORGANIZATION, id(3), START)).isPresent();
        }
    }

    @Test
    void holds_stay_when_the_transaction_of_the_ledger_fails() throws SQLException {
        // Given
        try (var limiter = database.node("one");
                var connection = database.connect()) {
            limiter.reserve(hold(1, START, charge(TOKENS, 10, 100)), START);
            connection.setAutoCommit(false);
            settle(connection, 1);
            // When
            connection.rollback();
            // Then
            assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 10");
            assertThat(limiter.find(ORGANIZATION, id(1), START)).isPresent();
        }
    }

    @Test
    void expired_and_closed_reservations_free_nothing_twice() throws SQLException {
        // Given
        try (var limiter = database.node("one");
                var connection = database.connect()) {
            limiter.reserve(hold(1, START, charge(TOKENS, 10, 100)), START);
            limiter.reserve(hold(2, START, charge(TOKENS, 20, 100)), START);
            limiter.release(ORGANIZATION, id(2), START);
            var expiry = START.plus(TTL);
            limiter.reserve(hold(3, expiry, charge(TOKENS, 5, 100)), expiry);
            connection.setAutoCommit(false);
            // When
            settle(connection, 1, 2);
            connection.commit();
            // Then
            assertThat(levels(limiter, expiry, TOKENS)).isEqualTo("used 0 held 5");
            assertThat(database.number("SELECT count(*) FROM reservation")).isEqualTo(1);
        }
    }

    /** A batch of use that nobody reserved must not wait for decisions, nor they for it. */
    @Test
    void use_without_holds_takes_no_lock() throws SQLException {
        // Given
        try (var limiter = database.node("one");
                var connection = database.connect()) {
            limiter.reserve(hold(1, START, charge(TOKENS, 10, 100)), START);
            connection.setAutoCommit(false);
            settle(connection, 98, 99);
            // When
            var answer = limiter.reserve(hold(2, START, charge(TOKENS, 10, 100)), START);
            // Then
            assertThat(answer).isInstanceOf(dev.quotary.limit.Admission.Granted.class);
            connection.commit();
        }
    }
}
