package dev.quotary.testkit;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.LimiterContract.REQUESTS;
import static dev.quotary.testkit.LimiterContract.TOKENS;
import static dev.quotary.testkit.LimiterContract.charge;
import static dev.quotary.testkit.LimiterContract.levels;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.limit.Admission;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** What every limiter promises to callers who race each other, on platform threads and on virtual ones. */
public interface LimiterRaceContract {
    int RACERS = 64;

    Limiter limiter();

    /** How many reservations race in all; a store behind a network says less. */
    default int racingReservations() {
        return 1_000_000;
    }

    @Test
    default void racing_reservations_use_the_maximum_up_and_never_pass_it() throws Exception {
        // Given
        var limiter = limiter();
        int each = racingReservations() / RACERS;
        long maximum = (long) RACERS * each / 3;
        var granted = new AtomicLong();
        var passed = new AtomicLong();
        // When
        race(racer -> {
            for (int i = 0; i < each; i++) {
                var answer = limiter.reserve(hold((long) racer * each + i, START, charge(TOKENS, 1, maximum)), START);
                if (answer instanceof Admission.Granted admitted) {
                    granted.incrementAndGet();
                    passed.addAndGet(Math.max(0, admitted.levels().held(0) - maximum));
                }
            }
        });
        // Then
        assertThat(granted.get()).isEqualTo(maximum);
        assertThat(passed.get()).isZero();
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held " + maximum);
    }

    /** Some commit less than they held, some exactly that, some give back: use and holds together stay within both maxima. */
    @Test
    default void use_and_holds_stay_within_every_maximum_at_every_grant() throws Exception {
        // Given
        var limiter = limiter();
        int each = racingReservations() / RACERS / 10;
        long tokensMax = 20L * RACERS * each / 4;
        long requestsMax = RACERS / 2;
        var settled = new AtomicLong();
        var passed = new AtomicLong();
        // When
        race(racer -> {
            for (int i = 0; i < each; i++) {
                long number = (long) racer * each + i;
                long amount = 1 + number % 20;
                var charges = hold(number, START, charge(TOKENS, amount, tokensMax), charge(REQUESTS, 1, requestsMax));
                if (limiter.reserve(charges, START) instanceof Admission.Granted granted) {
                    var levels = granted.levels();
                    passed.addAndGet(Math.max(0, levels.used(0) + levels.held(0) - tokensMax));
                    passed.addAndGet(Math.max(0, levels.used(1) + levels.held(1) - requestsMax));
                    settled.addAndGet(finish(limiter, number, amount));
                }
            }
        });
        // Then
        assertThat(passed.get()).isZero();
        assertThat(settled.get()).isPositive().isLessThanOrEqualTo(tokensMax);
        assertThat(levels(limiter, START, TOKENS, REQUESTS))
                .isEqualTo("used " + settled.get() + " held 0, used 0 held 0");
    }

    @Test
    default void racing_repeats_of_one_request_hold_once() throws Exception {
        // Given
        var limiter = limiter();
        var first = new AtomicLong();
        var repeated = new AtomicLong();
        // When
        race(_ -> {
            if (limiter.reserve(hold(1, START, charge(TOKENS, 5, 5)), START) instanceof Admission.Granted granted) {
                (granted.repeated() ? repeated : first).incrementAndGet();
            }
        });
        // Then
        assertThat(first.get()).isEqualTo(1);
        assertThat(repeated.get()).isEqualTo(RACERS - 1L);
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 5");
    }

    @Test
    default void racing_releases_and_commits_free_a_hold_once() throws Exception {
        // Given
        var limiter = limiter();
        int holds = 500;
        for (int i = 0; i < holds; i++) {
            limiter.reserve(hold(i, START, charge(TOKENS, 3, Long.MAX_VALUE)), START);
        }
        limiter.reserve(hold(holds, START, charge(TOKENS, 3, Long.MAX_VALUE)), START);
        // When
        race(racer -> {
            for (int i = 0; i < holds; i++) {
                if (racer % 2 == 0) {
                    limiter.release(ORGANIZATION, id(i), START);
                } else {
                    limiter.settle(ORGANIZATION, id(i), List.of(), START);
                }
            }
        });
        // Then
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 3");
    }

    /** Both counters at once, in either order: no deadlock, and each grant has both. */
    @Test
    default void racing_callers_may_name_counters_in_any_order() throws Exception {
        // Given
        var limiter = limiter();
        int each = 50;
        long maximum = (long) RACERS * each / 4;
        var granted = new AtomicLong();
        // When
        race(racer -> {
            for (int i = 0; i < each; i++) {
                var tokens = charge(TOKENS, 1, maximum);
                var requests = charge(REQUESTS, 1, maximum);
                long number = (long) racer * each + i;
                var hold =
                        racer % 2 == 0 ? hold(number, START, tokens, requests) : hold(number, START, requests, tokens);
                granted.addAndGet(limiter.reserve(hold, START) instanceof Admission.Granted ? 1 : 0);
            }
        });
        // Then
        assertThat(granted.get()).isEqualTo(maximum);
        assertThat(levels(limiter, START, TOKENS, REQUESTS))
                .isEqualTo("used 0 held " + maximum + ", used 0 held " + maximum);
    }

    private static long finish(Limiter limiter, long number, long amount) {
        if (number % 4 == 3) {
            limiter.release(ORGANIZATION, id(number), START);
            return 0;
        }
        long actual = number % 4 == 0 ? amount / 2 : amount;
        limiter.settle(ORGANIZATION, id(number), List.of(Posting.add(TOKENS, actual)), START);
        return actual;
    }

    /** Runs every racer at once: half of them on platform threads, half on virtual ones. */
    static void race(IntConsumer racer) throws InterruptedException, ExecutionException {
        ThreadFactory platform = Thread.ofPlatform().name("racer-", 0).factory();
        ThreadFactory virtual = Thread.ofVirtual().name("virtual-racer-", 0).factory();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(platform);
                ExecutorService virtuals = Executors.newThreadPerTaskExecutor(virtual)) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < RACERS; i++) {
                int number = i;
                running.add((i % 2 == 0 ? threads : virtuals).submit(() -> racer.accept(number)));
            }
            for (var each : running) {
                each.get();
            }
        }
    }
}
