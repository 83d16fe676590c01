package dev.quotary.testkit;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.TTL;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.Holds.otherContent;
import static dev.quotary.testkit.Holds.with;
import static dev.quotary.testkit.LimiterContract.REQUESTS;
import static dev.quotary.testkit.LimiterContract.TOKENS;
import static dev.quotary.testkit.LimiterContract.charge;
import static dev.quotary.testkit.LimiterContract.levels;
import static dev.quotary.testkit.LimiterContract.show;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.limit.Admission;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every limiter promises about time: holds expire, windows end. */
public interface LimiterExpiryContract {
    Instant EXPIRY = START.plus(TTL);

    Limiter limiter();

    @Test
    default void hold_counts_until_the_second_it_expires_in() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100)), START);
        // When
        var justBefore = levels(limiter, EXPIRY.minusNanos(1), TOKENS);
        var atExpiry = levels(limiter, EXPIRY, TOKENS);
        // Then
        assertThat(justBefore).isEqualTo("used 0 held 60");
        assertThat(atExpiry).isEqualTo("used 0 held 0");
    }

    @Test
    default void expired_hold_leaves_its_room_to_others() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(1, START, charge(TOKENS, 100, 100)), START);
        // When
        var answer = limiter.reserve(hold(2, EXPIRY, charge(TOKENS, 100, 100)), EXPIRY);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 100");
    }

    @Test
    default void expired_hold_is_found_until_it_is_settled() {
        // Given
        var limiter = limiter();
        var held = hold(1, START, charge(TOKENS, 60, 100));
        limiter.reserve(held, START);
        // When
        var found = limiter.find(ORGANIZATION, id(1), EXPIRY);
        // Then
        assertThat(found).contains(held);
        limiter.settle(ORGANIZATION, id(1), List.of(), EXPIRY);
        assertThat(limiter.find(ORGANIZATION, id(1), EXPIRY)).isEmpty();
    }

    @Test
    default void late_commit_still_counts() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100)), START);
        var late = EXPIRY.plusSeconds(3_600);
        // When
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(TOKENS, 45)), late);
        // Then
        assertThat(levels(limiter, late, TOKENS)).isEqualTo("used 45 held 0");
        assertThat(limiter.reserve(hold(1, late, charge(TOKENS, 60, 100)), late))
                .isInstanceOf(Admission.Closed.class);
    }

    @Test
    default void expired_hold_can_be_released_and_its_id_is_closed() {
        // Given
        var limiter = limiter();
        var held = hold(1, START, charge(TOKENS, 60, 100));
        limiter.reserve(held, START);
        // When
        var released = limiter.release(ORGANIZATION, id(1), EXPIRY);
        // Then
        assertThat(released).contains(held);
        assertThat(levels(limiter, EXPIRY, TOKENS)).isEqualTo("used 0 held 0");
        assertThat(limiter.reserve(hold(1, EXPIRY, charge(TOKENS, 60, 100)), EXPIRY))
                .isInstanceOf(Admission.Closed.class);
    }

    /** It has lost its room: to repeat the old grant would let a call pass that nothing is held for. */
    @Test
    default void expired_id_is_decided_anew() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100)), START);
        var again = hold(1, EXPIRY, charge(TOKENS, 60, 100));
        // When
        var answer = limiter.reserve(again, EXPIRY);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 60");
        assertThat(limiter.find(ORGANIZATION, id(1), EXPIRY)).contains(again);
    }

    @Test
    default void expired_id_without_room_is_denied_and_may_still_commit_late() {
        // Given
        var limiter = limiter();
        var held = hold(1, START, charge(TOKENS, 60, 100));
        limiter.reserve(held, START);
        limiter.reserve(hold(2, EXPIRY, charge(TOKENS, 60, 100)), EXPIRY);
        // When
        var answer = limiter.reserve(hold(1, EXPIRY, charge(TOKENS, 60, 100)), EXPIRY);
        // Then
        assertThat(show(answer)).isEqualTo("denied used 0 held 60");
        assertThat(limiter.find(ORGANIZATION, id(1), EXPIRY)).contains(held);
    }

    @Test
    default void expired_id_with_other_content_is_a_mismatch() {
        // Given
        var limiter = limiter();
        var held = hold(1, START, charge(TOKENS, 60, 100));
        limiter.reserve(held, START);
        // When
        var answer = limiter.reserve(otherContent(hold(1, EXPIRY, charge(TOKENS, 60, 100))), EXPIRY);
        // Then
        assertThat(answer).isEqualTo(new Admission.Mismatch(held));
    }

    @Test
    default void extension_of_an_expired_hold_is_closed() {
        // Given
        var limiter = limiter();
        var held = hold(1, START, charge(TOKENS, 60, 100));
        limiter.reserve(held, START);
        // When
        var answer = limiter.extend(with(held, EXPIRY.plusSeconds(60), held.charges()), EXPIRY);
        // Then
        assertThat(answer).isInstanceOf(Admission.Closed.class);
        assertThat(levels(limiter, EXPIRY, TOKENS)).isEqualTo("used 0 held 0");
    }

    @Test
    default void extension_moves_the_expiry() {
        // Given
        var limiter = limiter();
        var held = hold(1, START, charge(TOKENS, 60, 100));
        limiter.reserve(held, START);
        // When
        limiter.extend(with(held, EXPIRY.plusSeconds(5), held.charges()), EXPIRY.minusSeconds(1));
        // Then
        assertThat(levels(limiter, EXPIRY.plusSeconds(4), TOKENS)).isEqualTo("used 0 held 60");
        assertThat(levels(limiter, EXPIRY.plusSeconds(5), TOKENS)).isEqualTo("used 0 held 0");
    }

    @Test
    default void holds_of_any_length_expire_each_at_its_own_second() {
        // Given
        var limiter = limiter();
        var seconds = List.of(1L, 2L, 1_023L, 1_024L, 1_025L, 2_048L, 5_000L);
        for (long length : seconds) {
            var charges = List.of(charge(TOKENS, 1, 100));
            limiter.reserve(hold(id(length), START, Duration.ofSeconds(length), charges), START);
        }
        for (int i = 0; i < seconds.size(); i++) {
            // When
            var second = START.plusSeconds(seconds.get(i));
            var before = levels(limiter, second.minusNanos(1), TOKENS);
            var after = levels(limiter, second, TOKENS);
            // Then
            assertThat(before).isEqualTo("used 0 held " + (seconds.size() - i));
            assertThat(after).isEqualTo("used 0 held " + (seconds.size() - i - 1));
        }
    }

    /** One hold for every second of more than a quarter of an hour, because limiters sort holds by their second. */
    @Test
    default void jump_of_the_clock_expires_everything_due() {
        // Given
        var limiter = limiter();
        for (int i = 1; i <= 1_100; i++) {
            limiter.reserve(hold(id(i), START, Duration.ofSeconds(i), List.of(charge(TOKENS, 1, 2_000))), START);
        }
        var stays = hold(id(9_999), START, Duration.ofDays(40), List.of(charge(REQUESTS, 1, 1)));
        limiter.reserve(stays, START);
        // When
        var levels = levels(limiter, START.plus(Duration.ofDays(30)), TOKENS, REQUESTS);
        // Then
        assertThat(levels).isEqualTo("used 0 held 0, used 0 held 1");
    }

    @Test
    default void use_counts_in_the_window_of_its_admission_after_that_has_ended() {
        // Given
        var limiter = limiter();
        var first = Holds.counter(MeterKey.TOKENS, Holds.MINUTE, START);
        var later = START.plusSeconds(59);
        limiter.reserve(hold(1, later, charge(first, 60, 100)), later);
        var rolled = START.plusSeconds(61);
        var second = Holds.counter(MeterKey.TOKENS, Holds.MINUTE, rolled);
        // When
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(first, 60)), rolled);
        // Then
        assertThat(levels(limiter, rolled, second)).isEqualTo("used 0 held 0");
        assertThat(show(limiter.reserve(hold(2, rolled, charge(second, 100, 100)), rolled)))
                .isEqualTo("granted used 0 held 100");
    }

    @Test
    default void extension_stays_in_the_windows_of_its_admission() {
        // Given
        var limiter = limiter();
        var first = Holds.counter(MeterKey.TOKENS, Holds.MINUTE, START);
        var held = hold(1, START.plusSeconds(30), charge(first, 60, 100));
        limiter.reserve(held, START.plusSeconds(30));
        var rolled = START.plusSeconds(61);
        var second = Holds.counter(MeterKey.TOKENS, Holds.MINUTE, rolled);
        // When
        var answer = limiter.extend(with(held, charge(first, 90, 100)), rolled);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 90");
        assertThat(levels(limiter, rolled, second)).isEqualTo("used 0 held 0");
        assertThat(show(limiter.extend(with(held, charge(first, 101, 100)), rolled)))
                .isEqualTo("denied used 0 held 0");
    }

    @Test
    default void use_of_an_ended_window_harms_no_current_one() {
        // Given
        var limiter = limiter();
        var now = START.plusSeconds(600);
        var current = Holds.counter(MeterKey.TOKENS, Holds.MINUTE, now);
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(current, 7)), now);
        // When
        for (int minute = 0; minute < 10; minute++) {
            var ended = Holds.counter(MeterKey.TOKENS, Holds.MINUTE, START.plusSeconds(60L * minute));
            limiter.settle(ORGANIZATION, id(100 + minute), List.of(Posting.add(ended, 50)), now);
        }
        // Then
        assertThat(levels(limiter, now, current)).isEqualTo("used 7 held 0");
    }

    /** A sender whose clock is a little ahead must not get its use for nothing. */
    @Test
    default void use_of_a_window_that_is_about_to_begin_counts_in_it() {
        // Given
        var limiter = limiter();
        var begins = START.plusSeconds(60);
        var next = Holds.counter(MeterKey.TOKENS, Holds.MINUTE, begins);
        // When
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(next, 50)), begins.minusMillis(1));
        // Then
        assertThat(levels(limiter, begins, next)).isEqualTo("used 50 held 0");
    }

    @Test
    default void calls_in_flight_are_bounded_by_holds_alone() {
        // Given
        var limiter = limiter();
        var running = Holds.counter(MeterKey.REQUESTS, WindowSpec.IN_FLIGHT, START);
        limiter.reserve(hold(1, START, charge(running, 1, 1)), START);
        var refused = limiter.reserve(hold(2, START, charge(running, 1, 1)), START);
        // When
        limiter.settle(ORGANIZATION, id(1), List.of(), START);
        // Then
        assertThat(show(refused)).isEqualTo("denied used 0 held 1");
        assertThat(show(limiter.reserve(hold(2, START, charge(running, 1, 1)), START)))
                .isEqualTo("granted used 0 held 1");
    }
}
