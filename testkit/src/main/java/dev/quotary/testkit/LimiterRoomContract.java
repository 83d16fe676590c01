package dev.quotary.testkit;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.TTL;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.LimiterContract.REQUESTS;
import static dev.quotary.testkit.LimiterContract.TOKENS;
import static dev.quotary.testkit.LimiterContract.charge;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a limiter promises that tells of room: nobody who waits is forgotten. */
public interface LimiterRoomContract {
    Limiter limiter();

    /** What it tells from now on. */
    private static List<CounterKey> told(Limiter limiter) {
        var told = new ArrayList<CounterKey>();
        assertThat(limiter.tellRoom(told::add)).isTrue();
        return told;
    }

    @Test
    default void released_hold_is_told_on_every_counter_that_it_held() {
        // Given
        var limiter = limiter();
        var told = told(limiter);
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100), charge(REQUESTS, 1, 10)), START);
        assertThat(told).isEmpty();
        // When
        limiter.release(ORGANIZATION, id(1), START);
        // Then
        assertThat(told).containsExactlyInAnyOrder(TOKENS, REQUESTS);
    }

    @Test
    default void settled_hold_is_told() {
        // Given
        var limiter = limiter();
        var told = told(limiter);
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100)), START);
        // When
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(TOKENS, 1)), START);
        // Then
        assertThat(told).contains(TOKENS);
    }

    @Test
    default void expired_hold_is_told_by_whatever_looks_next() {
        // Given
        var limiter = limiter();
        var told = told(limiter);
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100)), START);
        limiter.levels(ORGANIZATION, List.of(REQUESTS), START.plus(TTL).minusNanos(1));
        assertThat(told).isEmpty();
        // When
        limiter.levels(ORGANIZATION, List.of(REQUESTS), START.plus(TTL));
        // Then
        assertThat(told).containsExactly(TOKENS);
    }

    @Test
    default void corrected_use_and_a_level_that_was_set_are_told() {
        // Given
        var limiter = limiter();
        limiter.correct(TOKENS, 90);
        var told = told(limiter);
        // When
        limiter.correct(TOKENS, 10);
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.set(REQUESTS, 3)), START);
        // Then
        assertThat(told).containsExactly(TOKENS, REQUESTS);
    }

    @Test
    default void denial_and_use_tell_nothing() {
        // Given
        var limiter = limiter();
        var told = told(limiter);
        // When
        limiter.reserve(hold(1, START, charge(TOKENS, 101, 100)), START);
        limiter.settle(ORGANIZATION, id(2), List.of(Posting.add(TOKENS, 5)), START);
        limiter.release(ORGANIZATION, id(3), START);
        // Then
        assertThat(told).isEmpty();
    }
}
