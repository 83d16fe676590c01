package dev.quotary.sql.admission;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.LimiterContract.TOKENS;
import static dev.quotary.testkit.LimiterContract.charge;
import static dev.quotary.testkit.LimiterContract.levels;
import static dev.quotary.testkit.LimiterContract.show;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.limit.Hold;
import dev.quotary.testkit.Holds;
import dev.quotary.testkit.postgres.PostgresServer;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresNodesTest {
    private final LimiterDatabase database = new LimiterDatabase(PostgresServer.shared());

    private static Hold of(Hold.Origin origin, long number) {
        var hold = Holds.hold(number, START, charge(TOKENS, 10, 100));
        return new Hold(
                hold.id(),
                hold.call(),
                hold.amounts(),
                hold.charges(),
                hold.admittedAt(),
                hold.expiresAt(),
                origin,
                hold.fingerprint());
    }

    @Test
    void dead_process_leaves_its_gateway_calls_and_nothing_else() {
        // Given
        try (var limiter = database.node("one");
                var other = database.node("two");
                var nodes = database.nodes("two")) {
            nodes.renew(0);
            var call = of(Hold.Origin.GATEWAY, 1);
            limiter.reserve(call, START);
            limiter.reserve(of(Hold.Origin.API, 2), START);
            other.reserve(of(Hold.Origin.GATEWAY, 3), START);
            database.execute("INSERT INTO node VALUES ('one', now() - interval '1 second', 0)");
            // When
            var dead = nodes.dead();
            // Then
            assertThat(dead).containsExactly("one");
            assertThat(nodes.interrupted("one", 10)).containsExactly(call);
        }
    }

    @Test
    void process_that_renews_its_lease_is_not_forgotten() {
        // Given
        try (var nodes = database.nodes("two")) {
            nodes.renew(0);
            // When
            nodes.forget("two", false);
            // Then
            assertThat(database.number("SELECT count(*) FROM node WHERE node = 'two'"))
                    .isEqualTo(1);
            assertThat(nodes.dead()).isEmpty();
        }
        try (var others = database.nodes("three")) {
            assertThat(others.dead()).containsExactly("two");
            others.forget("two", false);
            assertThat(others.dead()).isEmpty();
        }
    }

    @Test
    void earlier_runs_of_the_same_server_are_found_and_forgotten_before_their_lease_is_over() {
        // Given
        try (var before = database.nodes("host/1#a");
                var other = database.nodes("host/10#b");
                var now = database.nodes("host/1#c")) {
            before.renew(0);
            other.renew(0);
            now.renew(0);
            // When
            var earlier = now.earlier("host/1#");
            // Then
            assertThat(earlier).containsExactly("host/1#a");
            now.forget("host/1#a", true);
            assertThat(now.earlier("host/1#")).isEmpty();
            assertThat(database.number("SELECT count(*) FROM node")).isEqualTo(2);
        }
    }

    @Test
    void processes_that_share_and_one_that_decides_alone_see_each_other() {
        // Given
        try (var one = database.nodes("one");
                var two = database.nodes("two")) {
            one.renew(0);
            database.execute("INSERT INTO node VALUES ('dead', now() - interval '1 second', 0)");
            // When
            var living = two.living();
            // Then
            assertThat(living).containsExactly("one");
            assertThat(one.living()).isEmpty();
            assertThat(one.alone()).isEmpty();
            database.execute(
                    "INSERT INTO server_lease VALUES ('memory-limiter', 'host/7', 1, now() + interval '5 seconds'),"
                            + " ('another', 'host/8', 1, now() + interval '5 seconds')");
            assertThat(one.alone()).containsExactly("host/7");
            database.execute("UPDATE server_lease SET expires_at = now() - interval '1 second'");
            assertThat(one.alone()).isEmpty();
        }
    }

    @Test
    void processes_with_older_declarations_are_counted_while_they_live() {
        // Given
        try (var one = database.nodes("one");
                var two = database.nodes("two")) {
            one.renew(7);
            two.renew(8);
            database.execute("INSERT INTO node VALUES ('dead', now() - interval '1 second', 3)");
            // When
            long behind = two.behind(8);
            // Then
            assertThat(behind).isEqualTo(1);
            assertThat(two.behind(7)).isZero();
            assertThat(one.behind(9)).isEqualTo(1);
        }
    }

    @Test
    void what_ended_long_ago_is_deleted_and_the_rest_stays() {
        // Given: windows and reservations of January 2026, long over by the database's clock.
        try (var limiter = database.node("one");
                var nodes = database.nodes("one")) {
            limiter.reserve(of(Hold.Origin.API, 1), START);
            limiter.reserve(of(Hold.Origin.API, 2), START);
            limiter.release(ORGANIZATION, id(1), START);
            var rule = Holds.counter(dev.quotary.meter.MeterKey.REQUESTS, Holds.DAY, START);
            limiter.reserve(Holds.hold(id(3), START, Holds.TTL, List.of(charge(rule, 1, 5))), START);
            limiter.release(ORGANIZATION, id(3), START);
            // When
            nodes.sweep();
            // Then: what is still held keeps its counter, however old it is.
            assertThat(database.number("SELECT count(*) FROM reservation")).isEqualTo(1);
            assertThat(database.number("SELECT count(*) FROM counter_held")).isEqualTo(1);
            assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 10");
            assertThat(show(limiter.reserve(Holds.hold(4, START, charge(TOKENS, 91, 100)), START)))
                    .isEqualTo("denied used 0 held 10");
        }
    }
}
