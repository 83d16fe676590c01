package dev.quotary.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.sql.ServerLease.State;
import dev.quotary.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ServerLeaseTest {
    private static final String EXPIRE = "UPDATE server_lease SET expires_at = clock_timestamp() - interval '1 s'";

    private final PostgresServer server = PostgresServer.shared();
    private final String url = migrated(server);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

    private static String migrated(PostgresServer server) {
        var url = server.newDatabase();
        PostgresDatabase.open(PostgresUrl.parse(url), LedgerParticipant.NONE).close();
        return url;
    }

    private ServerLease take(String holder) {
        return ServerLease.take(PostgresUrl.parse(url), ServerLease.MEMORY_LIMITER, holder, nanos::get);
    }

    @Test
    void second_server_is_refused_and_told_who_has_the_lease() {
        // Given
        try (var first = take("machine-1/a")) {
            // When, Then
            assertThatThrownBy(() -> take("machine-2/b"))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("machine-1/a")
                    .hasMessageNotContaining(PostgresServer.PASSWORD);
            assertThat(first.state()).isEqualTo(State.HELD);
        }
    }

    @Test
    void lease_given_back_is_taken_at_once() {
        // Given
        take("machine-1/a").close();
        // When
        try (var second = take("machine-2/b")) {
            // Then
            assertThat(second.state()).isEqualTo(State.HELD);
        }
    }

    @Test
    void server_that_was_killed_takes_its_own_lease_again() {
        // Given: nobody gave it back
        try (var _ = take("machine-1/a")) {
            // When
            try (var again = take("machine-1/a")) {
                // Then
                assertThat(again.state()).isEqualTo(State.HELD);
            }
        }
    }

    @Test
    void lease_that_is_not_renewed_in_time_is_not_believed_in_and_can_be_renewed_later() {
        // Given
        try (var lease = take("machine-1/a")) {
            // When
            nanos.addAndGet(Duration.ofSeconds(14).toNanos());
            var late = lease.state();
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            var expired = lease.state();
            lease.renew();
            // Then
            assertThat(late).isEqualTo(State.HELD);
            assertThat(expired).isEqualTo(State.UNCERTAIN);
            assertThat(lease.state()).isEqualTo(State.HELD);
        }
    }

    @Test
    void lease_that_another_server_had_meanwhile_is_lost_for_good() {
        // Given
        try (var first = take("machine-1/a")) {
            server.execute(url, EXPIRE);
            take("machine-2/b").close();
            // When: the other one is gone again
            first.renew();
            var state = first.state();
            first.renew();
            // Then
            assertThat(state).isEqualTo(State.LOST);
            assertThat(first.state()).isEqualTo(State.LOST);
        }
    }

    /** That the database did not answer before says nothing of what has come to pass meanwhile. */
    @Test
    void server_that_stood_still_while_the_database_was_away_does_not_know_whether_it_is_back() {
        try (var own = PostgresServer.start(Map.of())) {
            // Given
            var there = migrated(own);
            var database = PostgresUrl.parse(there);
            try (var lease = ServerLease.take(database, ServerLease.MEMORY_LIMITER, "machine-1/a", nanos::get)) {
                own.stopImmediately();
                lease.renew();
                own.start();
                own.execute(there, EXPIRE);
                ServerLease.take(database, ServerLease.MEMORY_LIMITER, "machine-2/b", nanos::get)
                        .close();
                // When
                nanos.addAndGet(Duration.ofSeconds(20).toNanos());
                var awake = lease.state();
                lease.renew();
                // Then
                assertThat(awake).isEqualTo(State.UNCERTAIN);
                assertThat(lease.state()).isEqualTo(State.LOST);
            }
        }
    }

    @Test
    void lease_outlives_a_restart_of_the_database() {
        try (var own = PostgresServer.start(Map.of())) {
            // Given
            var database = PostgresUrl.parse(migrated(own));
            try (var lease = ServerLease.take(database, ServerLease.MEMORY_LIMITER, "machine-1/a", nanos::get)) {
                own.stopImmediately();
                lease.renew();
                nanos.addAndGet(Duration.ofSeconds(15).toNanos());
                lease.renew();
                var away = lease.state();
                // When
                own.start();
                lease.renew();
                // Then
                assertThat(away).isEqualTo(State.EXPIRED);
                assertThat(lease.state()).isEqualTo(State.HELD);
            }
        }
    }
}
