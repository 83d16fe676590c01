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

import dev.quotary.limit.Admission;
import dev.quotary.limit.Hold;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The database stops at once, as if it were killed, and comes back. */
class LimiterOutageTest {
    private static final long MAXIMUM = 1_000_000;
    private static final int CALLERS = 32;

    private final PostgresServer server = PostgresServer.start(Map.of());
    private final LimiterDatabase database = new LimiterDatabase(server);
    private final PostgresLimiter limiter = database.node("one");

    @AfterEach
    void close() {
        limiter.close();
        server.close();
    }

    private static Hold call(long number, Hold.Origin origin) {
        var hold = hold(number, START, charge(TOKENS, 1, MAXIMUM));
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
    void what_was_granted_is_held_after_a_crash_and_what_is_unknown_may_be_repeated() throws Exception {
        // Given
        var granted = new ConcurrentHashMap<Long, Boolean>();
        var unknown = new ConcurrentLinkedQueue<Long>();
        var running = new ArrayList<Future<?>>();
        var stopped = new AtomicBoolean();
        var half = new CountDownLatch(3_000);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                long caller = i;
                running.add(callers.submit(() -> {
                    for (long number = caller; !stopped.get(); number += CALLERS) {
                        try {
                            limiter.reserve(call(number, Hold.Origin.API), START);
                            granted.put(number, true);
                        } catch (StoreUnavailableException e) {
                            unknown.add(number);
                            break;
                        }
                        half.countDown();
                    }
                }));
            }
            half.await();
            // When
            server.stopImmediately();
            for (var each : running) {
                each.get();
            }
        }
        server.start();
        // Then
        assertThat(unknown).hasSize(CALLERS);
        await(() -> answers(unknown.peek()));
        for (var number : granted.keySet()) {
            assertThat(show(limiter.reserve(call(number, Hold.Origin.API), START)))
                    .startsWith("repeated");
        }
        for (var number : unknown) {
            assertThat(limiter.reserve(call(number, Hold.Origin.API), START)).isInstanceOf(Admission.Granted.class);
        }
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held " + (granted.size() + unknown.size()));
    }

    private boolean answers(long number) {
        try {
            limiter.reserve(call(number, Hold.Origin.API), START);
            return true;
        } catch (StoreUnavailableException e) {
            return false;
        }
    }

    /** Looking has a connection of its own, which may come back later than the one that decides. */
    private boolean shows() {
        try {
            limiter.levels(ORGANIZATION, List.of(TOKENS), START);
            return true;
        } catch (StoreUnavailableException e) {
            return false;
        }
    }

    @Test
    void caller_of_a_database_that_is_away_is_told_so_at_once_and_nothing_is_decided() {
        // Given
        limiter.reserve(call(1, Hold.Origin.API), START);
        server.stopImmediately();
        // When
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> limiter.reserve(call(2, Hold.Origin.API), START));
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> limiter.levels(ORGANIZATION, List.of(TOKENS), START));
        // Then
        server.start();
        await(() -> answers(1));
        await(this::shows);
        assertThat(limiter.find(ORGANIZATION, id(2), START)).isEmpty();
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 1");
    }

    /** Nobody repeats a gateway call: a hold that nobody heard of must not stand for an hour. */
    @Test
    void holds_of_gateway_calls_that_nobody_heard_of_are_given_back() throws Exception {
        // Given
        var heard = new AtomicBoolean();
        var options = new PostgresLimiterOptions(1, 500, Duration.ofMillis(500));
        try (var impatient = database.node("two", options);
                var blocker = database.connect();
                var lock = blocker.createStatement()) {
            impatient.reserve(call(1, Hold.Origin.GATEWAY), START);
            blocker.setAutoCommit(false);
            lock.execute("SELECT * FROM admission_gate FOR UPDATE");
            // When
            try {
                impatient.reserve(call(2, Hold.Origin.GATEWAY), START);
                heard.set(true);
            } catch (StoreUnavailableException e) {
                heard.set(false);
            }
            blocker.commit();
            // Then
            assertThat(heard).isFalse();
            await(() -> {
                try {
                    impatient.reserve(call(1, Hold.Origin.GATEWAY), START);
                } catch (StoreUnavailableException e) {
                    return false;
                }
                return impatient.find(ORGANIZATION, id(2), START).isEmpty()
                        && levels(impatient, START, TOKENS).equals("used 0 held 1");
            });
        }
    }

    private static void await(BooleanSupplier condition) {
        for (int i = 0; i < 2_000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
        }
        throw new AssertionError("it did not happen in time");
    }
}
