package dev.quotary.sql.admission;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.TTL;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.Holds.with;
import static dev.quotary.testkit.LimiterContract.REQUESTS;
import static dev.quotary.testkit.LimiterContract.TOKENS;
import static dev.quotary.testkit.LimiterContract.charge;
import static dev.quotary.testkit.LimiterContract.levels;
import static dev.quotary.testkit.LimiterContract.show;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.quotary.limit.Admission;
import dev.quotary.limit.DeclarationsChangedException;
import dev.quotary.limit.Posting;
import dev.quotary.testkit.LimiterRaceContract;
import dev.quotary.testkit.postgres.PostgresServer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes on one database: each has a limiter of its own, and none knows of the others. */
class SeveralNodesTest {
    private final LimiterDatabase database = new LimiterDatabase(PostgresServer.shared());
    private final List<PostgresLimiter> nodes =
            List.of(database.node("one"), database.node("two"), database.node("three"));

    @AfterEach
    void close() {
        nodes.forEach(PostgresLimiter::close);
    }

    @Test
    void racing_nodes_use_the_maximum_up_and_never_pass_it() throws Exception {
        // Given
        int each = 300;
        long maximum = (long) LimiterRaceContract.RACERS * each / 3;
        var granted = new AtomicLong();
        var passed = new AtomicLong();
        // When
        LimiterRaceContract.race(racer -> {
            for (int i = 0; i < each; i++) {
                var proposal = hold((long) racer * each + i, START, charge(TOKENS, 1, maximum));
                if (nodes.get(i % 3).reserve(proposal, START) instanceof Admission.Granted admitted) {
                    granted.incrementAndGet();
                    passed.addAndGet(Math.max(0, admitted.levels().held(0) - maximum));
                }
            }
        });
        // Then
        assertThat(granted.get()).isEqualTo(maximum);
        assertThat(passed.get()).isZero();
        for (var node : nodes) {
            assertThat(levels(node, START, TOKENS)).isEqualTo("used 0 held " + maximum);
        }
        assertThat(database.number("SELECT count(*) FROM reservation WHERE state = 1"))
                .isEqualTo(maximum);
    }

    /** Use, holds and releases of all nodes together, on two counters that they name in either order. */
    @Test
    void use_and_holds_of_all_nodes_stay_within_every_maximum_at_every_grant() throws Exception {
        // Given
        int each = 120;
        long tokensMax = 8_000;
        long requestsMax = 40;
        var settled = new AtomicLong();
        var passed = new AtomicLong();
        // When
        LimiterRaceContract.race(racer -> {
            for (int i = 0; i < each; i++) {
                long number = (long) racer * each + i;
                long amount = 1 + number % 20;
                var tokens = charge(TOKENS, amount, tokensMax);
                var requests = charge(REQUESTS, 1, requestsMax);
                boolean swapped = racer % 2 == 0;
                var proposal = swapped ? hold(number, START, requests, tokens) : hold(number, START, tokens, requests);
                if (nodes.get(racer % 3).reserve(proposal, START) instanceof Admission.Granted granted) {
                    var levels = granted.levels();
                    passed.addAndGet(
                            Math.max(0, levels.used(0) + levels.held(0) - (swapped ? requestsMax : tokensMax)));
                    passed.addAndGet(
                            Math.max(0, levels.used(1) + levels.held(1) - (swapped ? tokensMax : requestsMax)));
                    // On another node than the one that admitted it.
                    var other = nodes.get((racer + 1) % 3);
                    if (number % 3 == 0) {
                        other.release(ORGANIZATION, id(number), START);
                    } else {
                        other.settle(ORGANIZATION, id(number), List.of(Posting.add(TOKENS, amount)), START);
                        settled.addAndGet(amount);
                    }
                }
            }
        });
        // Then
        assertThat(passed.get()).isZero();
        assertThat(settled.get()).isPositive().isLessThanOrEqualTo(tokensMax);
        assertThat(levels(nodes.getFirst(), START, TOKENS, REQUESTS))
                .isEqualTo("used " + settled.get() + " held 0, used 0 held 0");
    }

    @Test
    void repeat_on_another_node_gets_the_first_hold() {
        // Given
        var first = hold(1, START, charge(TOKENS, 60, 60));
        nodes.get(0).reserve(first, START);
        // When
        var answer = nodes.get(1).reserve(hold(1, START, charge(TOKENS, 60, 60)), START);
        // Then
        assertThat(show(answer)).isEqualTo("repeated used 0 held 60");
        assertThat(((Admission.Granted) answer).hold()).isEqualTo(first);
        assertThat(nodes.get(2).find(ORGANIZATION, id(1), START)).contains(first);
    }

    /**
     * A node whose clock is ahead ends the holds of others early. Nothing is admitted beyond the maximum by that: what was held has left the
     * counter, and counts again when it is committed.
     */
    @Test
    void clock_that_is_ahead_ends_holds_early_and_overdraws_nothing() {
        // Given
        var slow = nodes.get(0);
        var fast = nodes.get(1);
        var ahead = START.plus(TTL);
        var held = hold(1, START, charge(TOKENS, 100, 100));
        slow.reserve(held, START);
        // When
        var answer = fast.reserve(hold(2, ahead, charge(TOKENS, 100, 100)), ahead);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 100");
        assertThat(levels(slow, START, TOKENS)).isEqualTo("used 0 held 100");
        assertThat(show(slow.reserve(held, START))).isEqualTo("denied used 0 held 100");
        assertThat(slow.extend(with(held, ahead.plusSeconds(9), held.charges()), START))
                .isInstanceOf(Admission.Closed.class);
        assertThat(slow.find(ORGANIZATION, id(1), START)).contains(held);
        slow.settle(ORGANIZATION, id(1), List.of(Posting.add(TOKENS, 80)), START);
        assertThat(levels(fast, ahead, TOKENS)).isEqualTo("used 80 held 100");
    }

    @Test
    void charges_of_older_declarations_are_not_decided() {
        // Given
        var node = nodes.getFirst();
        database.execute("UPDATE catalog_version SET version = 7");
        var proposal = hold(1, START, charge(TOKENS, 10, 100));
        // When
        assertThatExceptionOfType(DeclarationsChangedException.class)
                .isThrownBy(() -> node.reserve(proposal, START, 6));
        // Then
        assertThat(node.find(ORGANIZATION, id(1), START)).isEmpty();
        assertThat(show(node.reserve(proposal, START, 7))).isEqualTo("granted used 0 held 10");
    }

    @Test
    void more_holds_expire_at_once_than_one_transaction_takes_out() {
        // Given
        var node = nodes.getFirst();
        database.execute("INSERT INTO admission_gate VALUES ('acme') ON CONFLICT DO NOTHING");
        int holds = GroupTransaction.DUE_MAX + 500;
        for (int i = 0; i < holds; i++) {
            node.reserve(hold(i, START, charge(TOKENS, 1, Long.MAX_VALUE)), START);
        }
        var expiry = START.plus(TTL);
        // When
        var answer = node.reserve(hold(holds, expiry, charge(TOKENS, 5, 5)), expiry);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 5");
        assertThat(database.number("SELECT count(*) FROM reservation WHERE state = 2"))
                .isEqualTo(holds);
    }
}
