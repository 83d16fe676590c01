package dev.quotary.memory;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.TTL;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.LimiterContract.REQUESTS;
import static dev.quotary.testkit.LimiterContract.TOKENS;
import static dev.quotary.testkit.LimiterContract.charge;
import static dev.quotary.testkit.LimiterContract.levels;
import static dev.quotary.testkit.LimiterContract.show;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.quotary.limit.Admission;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Posting;
import dev.quotary.meter.MeterKey;
import dev.quotary.testkit.Holds;
import dev.quotary.testkit.LimiterContract;
import dev.quotary.testkit.LimiterMovingContract;
import dev.quotary.testkit.LimiterRoomContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryLimiterTest implements LimiterContract, LimiterRoomContract, LimiterMovingContract {
    @Override
    public MemoryLimiter limiter() {
        return new MemoryLimiter();
    }

    @Test
    void restored_hold_counts_though_there_is_no_room() {
        // Given
        var limiter = limiter();
        limiter.correct(TOKENS, 90);
        var hold = hold(1, START, charge(TOKENS, 60, 100), charge(REQUESTS, 0, 0));
        // When
        limiter.restore(hold, START.plusSeconds(10));
        // Then
        assertThat(levels(limiter, START.plusSeconds(10), TOKENS, REQUESTS))
                .isEqualTo("used 90 held 60, used 0 held 0");
        assertThat(show(limiter.reserve(hold, START.plusSeconds(10))))
                .isEqualTo("repeated used 90 held 60, used 0 held 0");
        assertThat(levels(limiter, START.plus(TTL), TOKENS)).isEqualTo("used 90 held 0");
    }

    @Test
    void restored_hold_that_expired_meanwhile_charges_nothing_and_may_commit_late() {
        // Given
        var limiter = limiter();
        var hold = hold(1, START, charge(TOKENS, 60, 100));
        // When
        limiter.restore(hold, START.plus(TTL));
        // Then
        assertThat(levels(limiter, START.plus(TTL), TOKENS)).isEqualTo("used 0 held 0");
        assertThat(limiter.find(ORGANIZATION, id(1), START.plus(TTL))).contains(hold);
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(TOKENS, 60)), START.plus(TTL));
        assertThat(levels(limiter, START.plus(TTL), TOKENS)).isEqualTo("used 60 held 0");
    }

    @Test
    void restoring_again_changes_nothing() {
        // Given
        var limiter = limiter();
        var live = hold(1, START, charge(TOKENS, 60, 100));
        var settled = hold(2, START, charge(TOKENS, 5, 100));
        limiter.restore(live, START);
        limiter.reserve(settled, START);
        limiter.settle(ORGANIZATION, id(2), List.of(), START);
        // When
        limiter.restore(live, START);
        limiter.restore(settled, START);
        // Then
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 60");
    }

    /** Two threads read the clock, then take the lock in the other order. */
    @Test
    void hold_whose_second_has_passed_already_is_gone_with_the_next() {
        // Given
        var limiter = limiter();
        limiter.levels(ORGANIZATION, List.of(TOKENS), START.plusSeconds(5));
        // When
        limiter.reserve(hold(id(1), START, Duration.ofSeconds(3), List.of(charge(TOKENS, 1, 9))), START);
        limiter.reserve(hold(id(2), START, Duration.ofSeconds(5), List.of(charge(TOKENS, 1, 9))), START);
        limiter.reserve(hold(id(3), START, Duration.ofSeconds(6), List.of(charge(TOKENS, 1, 9))), START);
        // Then
        assertThat(levels(limiter, START.plusSeconds(6), TOKENS)).isEqualTo("used 0 held 0");
    }

    @Test
    void hold_whose_second_has_passed_already_can_be_settled() {
        // Given
        var limiter = limiter();
        limiter.levels(ORGANIZATION, List.of(TOKENS), START.plusSeconds(5));
        limiter.reserve(hold(id(1), START, Duration.ofSeconds(3), List.of(charge(TOKENS, 1, 9))), START);
        limiter.reserve(hold(id(2), START, Duration.ofSeconds(6), List.of(charge(TOKENS, 2, 9))), START);
        // When
        limiter.settle(ORGANIZATION, id(1), List.of(), START);
        // Then
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 2");
        assertThat(levels(limiter, START.plusSeconds(6), TOKENS)).isEqualTo("used 0 held 0");
    }

    /** As many ended minutes as start several sweeps. */
    @Test
    void counters_of_ended_windows_are_forgotten_and_others_stay() {
        // Given
        var limiter = limiter();
        var old = Holds.counter(MeterKey.TOKENS, Holds.MINUTE, START);
        limiter.correct(old, 5);
        limiter.correct(TOKENS, 7);
        limiter.reserve(hold(id(1), START, Duration.ofDays(40), List.of(charge(REQUESTS, 1, 1))), START);
        var now = START;
        // When
        for (int minute = 1; minute <= 25_000; minute++) {
            now = START.plusSeconds(60L * minute);
            var current = Holds.counter(MeterKey.TOKENS, Holds.MINUTE, now);
            limiter.settle(ORGANIZATION, id(minute + 1), List.of(Posting.add(current, minute)), now);
        }
        // Then: day windows of START have ended too, but the one with a hold must not lose it.
        var current = Holds.counter(MeterKey.TOKENS, Holds.MINUTE, now);
        assertThat(levels(limiter, now, old, REQUESTS, current))
                .isEqualTo("used 0 held 0, used 0 held 1, used 25000 held 0");
        limiter.release(ORGANIZATION, id(1), now);
        assertThat(levels(limiter, now, REQUESTS)).isEqualTo("used 0 held 0");
    }

    @Test
    void ended_window_does_not_come_back_by_late_use() {
        // Given
        var limiter = limiter();
        var ended = Holds.counter(MeterKey.TOKENS, Holds.MINUTE, START);
        var later = START.plusSeconds(120);
        // When: for one minute more, a limit with burst could ask for it.
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(ended, 5)), later);
        // Then
        assertThat(levels(limiter, later, ended)).isEqualTo("used 0 held 0");
    }

    @Test
    void memory_of_closed_and_expired_reservations_is_bounded() {
        // Given
        var limiter = limiter();
        var later = START.plus(TTL);
        for (int i = 0; i < 10_001; i++) {
            limiter.reserve(hold(i, START, charge(TOKENS, 1, 100)), START);
            limiter.release(ORGANIZATION, id(i), START);
        }
        limiter.reserve(hold(id(20_000), START, TTL.minusSeconds(1), List.of(charge(TOKENS, 1, 100_000))), START);
        for (int i = 20_001; i < 70_001; i++) {
            limiter.reserve(hold(i, START, charge(TOKENS, 1, 100_000)), START);
        }
        // When
        var forgotten = limiter.find(ORGANIZATION, id(20_000), later).isPresent()
                || limiter.reserve(hold(1, later, charge(TOKENS, 1, 100)), later) instanceof Admission.Granted;
        // Then: the oldest are forgotten, and only they.
        assertThat(forgotten).isFalse();
        assertThat(limiter.find(ORGANIZATION, id(70_000), later)).isPresent();
        assertThat(show(limiter.reserve(hold(0, later, charge(TOKENS, 1, 100)), later)))
                .startsWith("granted");
    }

    /** Or whoever reserves with all the metadata there may be, and never settles, fills the memory long before the number is reached. */
    @Test
    void memory_of_expired_reservations_is_bounded_in_bytes_too() {
        // Given
        var limiter = limiter();
        var metadata = "{\"a\":\"" + "x".repeat(8_000) + "\"}";
        long each = new HeldEntry(withMetadata(0, metadata), new Counter[0], null).bytes();
        int fit = Math.toIntExact(ExpiredHolds.KEPT_BYTES_MAX / each);
        for (int i = 0; i < fit + 10; i++) {
            limiter.reserve(withMetadata(i, metadata), START);
        }
        // When
        var later = START.plus(TTL);
        long kept = IntStream.range(0, fit + 10)
                .filter(i -> limiter.find(ORGANIZATION, id(i), later).isPresent())
                .count();
        // Then
        assertThat(kept).isEqualTo(fit);
        assertThat(fit).isLessThan(ExpiredHolds.KEPT_MAX / 10);
    }

    private static Hold withMetadata(int number, String metadata) {
        var plain = hold(number, START, charge(TOKENS, 1, Long.MAX_VALUE));
        return new Hold(
                plain.id(),
                plain.call(),
                plain.amounts(),
                plain.charges(),
                plain.admittedAt(),
                plain.expiresAt(),
                plain.origin(),
                plain.fingerprint(),
                0,
                metadata);
    }

    @Test
    void freeing_more_than_is_held_is_a_bug_and_said_so() {
        // Given
        var counter = new Counter(TOKENS);
        counter.hold(TOKENS, 3);
        // When, Then
        assertThatIllegalStateException()
                .isThrownBy(() -> counter.free(TOKENS, 4))
                .withMessageContaining("tokens");
        assertThat(counter.held).isEqualTo(3);
    }

    @Test
    void entries_of_the_wheel_leave_in_any_order() {
        // Given
        var wheel = new ExpiryWheel();
        var entries = new ArrayList<HeldEntry>();
        for (int i = 0; i < 5; i++) {
            var entry = new HeldEntry(hold(i, START), new Counter[0], null);
            entries.add(entry);
            wheel.add(entry);
        }
        // When
        wheel.remove(entries.get(2));
        wheel.remove(entries.get(4));
        wheel.remove(entries.get(0));
        // Then
        var left = new ArrayList<HeldEntry>();
        wheel.expire(START.plus(TTL).getEpochSecond(), left::add);
        assertThat(left).containsExactlyInAnyOrder(entries.get(1), entries.get(3));
        wheel.expire(START.plus(TTL).getEpochSecond() + 5_000, left::add);
        assertThat(left).hasSize(2);
    }
}
