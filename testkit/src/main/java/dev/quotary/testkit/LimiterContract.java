package dev.quotary.testkit;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.Holds.otherContent;
import static dev.quotary.testkit.Holds.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.quotary.call.OrganizationKey;
import dev.quotary.limit.Admission;
import dev.quotary.limit.Charge;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowCalendar;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What every limiter promises. An adapter's test implements it, and with it the contracts of expiry and of racing callers. */
public interface LimiterContract extends LimiterExpiryContract, LimiterRaceContract {
    CounterKey TOKENS = Holds.counter(MeterKey.TOKENS, Holds.DAY, START);
    CounterKey REQUESTS = Holds.counter(MeterKey.REQUESTS, Holds.DAY, START);

    /** A new limiter that holds and counts nothing yet. */
    @Override
    Limiter limiter();

    @Test
    default void granted_reservation_holds_every_charge() {
        // Given
        var limiter = limiter();
        // When
        var answer = limiter.reserve(hold(1, START, charge(TOKENS, 60, 100), charge(REQUESTS, 1, 2)), START);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 60, used 0 held 1");
        assertThat(levels(limiter, START, TOKENS, REQUESTS)).isEqualTo("used 0 held 60, used 0 held 1");
    }

    @Test
    default void denied_reservation_holds_nothing_on_any_counter() {
        // Given
        var limiter = limiter();
        // When
        var answer = limiter.reserve(hold(1, START, charge(TOKENS, 60, 100), charge(REQUESTS, 1, 0)), START);
        // Then
        assertThat(show(answer)).isEqualTo("denied used 0 held 0, used 0 held 0");
        assertThat(levels(limiter, START, TOKENS, REQUESTS)).isEqualTo("used 0 held 0, used 0 held 0");
        assertThat(limiter.find(ORGANIZATION, id(1), START)).isEmpty();
    }

    @Test
    default void denial_shows_every_level_in_the_order_of_the_charges() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100), charge(REQUESTS, 1, 1)), START);
        // When
        var answer = limiter.reserve(hold(2, START, charge(REQUESTS, 1, 1), charge(TOKENS, 60, 100)), START);
        // Then
        assertThat(show(answer)).isEqualTo("denied used 0 held 1, used 0 held 60");
    }

    @Test
    default void denied_id_may_ask_again() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 50)), START);
        // When
        var answer = limiter.reserve(hold(1, START, charge(TOKENS, 60, 60)), START);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 60");
    }

    @Test
    default void last_unit_is_granted_and_one_more_is_not() {
        // Given
        var limiter = limiter();
        limiter.correct(TOKENS, 30);
        limiter.reserve(hold(1, START, charge(TOKENS, 40, 100)), START);
        // When
        var last = limiter.reserve(hold(2, START, charge(TOKENS, 30, 100)), START);
        // Then
        assertThat(show(last)).isEqualTo("granted used 30 held 70");
        assertThat(show(limiter.reserve(hold(3, START, charge(TOKENS, 1, 100)), START)))
                .isEqualTo("denied used 30 held 70");
    }

    @Test
    default void repeated_reservation_gets_its_first_hold_though_no_room_is_left() {
        // Given
        var limiter = limiter();
        var first = hold(1, START, charge(TOKENS, 60, 60));
        limiter.reserve(first, START);
        // When
        var answer = limiter.reserve(hold(1, START.plusSeconds(1), charge(TOKENS, 60, 60)), START.plusSeconds(1));
        // Then
        assertThat(show(answer)).isEqualTo("repeated used 0 held 60");
        assertThat(((Admission.Granted) answer).hold()).isEqualTo(first);
        assertThat(limiter.find(ORGANIZATION, id(1), START.plusSeconds(1))).contains(first);
    }

    @Test
    default void same_id_with_other_content_is_a_mismatch() {
        // Given
        var limiter = limiter();
        var first = hold(1, START, charge(TOKENS, 10, 100));
        limiter.reserve(first, START);
        // When
        var answer = limiter.reserve(otherContent(first), START);
        // Then
        assertThat(answer).isEqualTo(new Admission.Mismatch(first));
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 10");
    }

    @Test
    default void settled_id_is_closed() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(1, START, charge(TOKENS, 10, 100)), START);
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(TOKENS, 10)), START);
        // When
        var answer = limiter.reserve(hold(1, START, charge(TOKENS, 10, 100)), START);
        // Then
        assertThat(answer).isInstanceOf(Admission.Closed.class);
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 10 held 0");
        assertThat(limiter.find(ORGANIZATION, id(1), START)).isEmpty();
    }

    @Test
    default void released_id_is_closed() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(1, START, charge(TOKENS, 10, 100)), START);
        limiter.release(ORGANIZATION, id(1), START);
        // When
        var answer = limiter.reserve(hold(1, START, charge(TOKENS, 10, 100)), START);
        // Then
        assertThat(answer).isInstanceOf(Admission.Closed.class);
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 0");
    }

    @Test
    default void released_hold_is_given_back_once() {
        // Given
        var limiter = limiter();
        var held = hold(1, START, charge(TOKENS, 10, 100), charge(REQUESTS, 1, 1));
        limiter.reserve(held, START);
        // When
        var released = limiter.release(ORGANIZATION, id(1), START);
        // Then
        assertThat(released).contains(held);
        assertThat(levels(limiter, START, TOKENS, REQUESTS)).isEqualTo("used 0 held 0, used 0 held 0");
        assertThat(limiter.release(ORGANIZATION, id(1), START)).isEmpty();
        assertThat(limiter.release(ORGANIZATION, id(2), START)).isEmpty();
        assertThat(levels(limiter, START, TOKENS, REQUESTS)).isEqualTo("used 0 held 0, used 0 held 0");
    }

    @Test
    default void settling_moves_use_by_the_postings_and_beyond_the_maximum() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100), charge(REQUESTS, 1, 2)), START);
        // When
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(TOKENS, 140)), START);
        // Then
        assertThat(levels(limiter, START, TOKENS, REQUESTS)).isEqualTo("used 140 held 0, used 0 held 0");
        assertThat(show(limiter.reserve(hold(2, START, charge(TOKENS, 1, 100)), START)))
                .isEqualTo("denied used 140 held 0");
    }

    @Test
    default void use_without_a_reservation_counts() {
        // Given
        var limiter = limiter();
        // When
        limiter.settle(ORGANIZATION, id(9), List.of(Posting.add(TOKENS, 5), Posting.add(REQUESTS, 1)), START);
        limiter.settle(ORGANIZATION, id(10), List.of(Posting.add(TOKENS, 5)), START);
        // Then
        assertThat(levels(limiter, START, TOKENS, REQUESTS)).isEqualTo("used 10 held 0, used 1 held 0");
    }

    @Test
    default void reported_level_replaces_the_use() {
        // Given
        var limiter = limiter();
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(TOKENS, 70)), START);
        // When
        limiter.settle(ORGANIZATION, id(2), List.of(Posting.set(TOKENS, 40)), START);
        // Then
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 40 held 0");
    }

    @Test
    default void extension_takes_what_is_more_on_every_counter() {
        // Given
        var limiter = limiter();
        var held = hold(1, START, charge(TOKENS, 60, 100));
        limiter.reserve(held, START);
        var larger = with(held, charge(TOKENS, 100, 100), charge(REQUESTS, 1, 1));
        // When
        var answer = limiter.extend(larger, START);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 100, used 0 held 1");
        assertThat(limiter.find(ORGANIZATION, id(1), START)).contains(larger);
    }

    @Test
    default void extension_may_be_on_other_counters_and_gives_back_those_it_leaves() {
        // Given
        var limiter = limiter();
        var held = hold(1, START, charge(TOKENS, 60, 100));
        limiter.reserve(held, START);
        var elsewhere = with(held, charge(REQUESTS, 1, 1));
        // When
        var answer = limiter.extend(elsewhere, START);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 1");
        assertThat(levels(limiter, START, TOKENS, REQUESTS)).isEqualTo("used 0 held 0, used 0 held 1");
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(REQUESTS, 1)), START);
        assertThat(levels(limiter, START, TOKENS, REQUESTS)).isEqualTo("used 0 held 0, used 1 held 0");
    }

    @Test
    default void denied_extension_leaves_the_old_hold_as_it_was() {
        // Given
        var limiter = limiter();
        var held = hold(1, START, charge(TOKENS, 60, 100), charge(REQUESTS, 1, 2));
        limiter.reserve(held, START);
        limiter.correct(REQUESTS, 1);
        // When
        var answer = limiter.extend(with(held, charge(TOKENS, 70, 100), charge(REQUESTS, 2, 2)), START);
        // Then: the levels are without the hold, or the tokens would seem to have no room either.
        assertThat(show(answer)).isEqualTo("denied used 0 held 0, used 1 held 0");
        assertThat(levels(limiter, START, TOKENS, REQUESTS)).isEqualTo("used 0 held 60, used 1 held 1");
        assertThat(limiter.find(ORGANIZATION, id(1), START)).contains(held);
    }

    @Test
    default void extension_that_holds_less_gives_the_rest_back() {
        // Given
        var limiter = limiter();
        var held = hold(1, START, charge(TOKENS, 60, 100), charge(REQUESTS, 1, 1));
        limiter.reserve(held, START);
        // When
        var answer = limiter.extend(with(held, charge(TOKENS, 20, 100)), START);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 20");
        assertThat(levels(limiter, START, TOKENS, REQUESTS)).isEqualTo("used 0 held 20, used 0 held 0");
    }

    @Test
    default void extension_that_only_lasts_longer_needs_no_room() {
        // Given
        var limiter = limiter();
        var held = hold(1, START, charge(TOKENS, 60, 100));
        limiter.reserve(held, START);
        limiter.correct(TOKENS, 90);
        // When
        var answer = limiter.extend(with(held, START.plusSeconds(300), held.charges()), START);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 90 held 60");
        assertThat(levels(limiter, START.plusSeconds(299), TOKENS)).isEqualTo("used 90 held 60");
    }

    @Test
    default void repeated_extension_holds_nothing_more() {
        // Given
        var limiter = limiter();
        var held = hold(1, START, charge(TOKENS, 60, 100));
        limiter.reserve(held, START);
        limiter.extend(with(held, charge(TOKENS, 100, 100)), START);
        // When
        var answer = limiter.extend(with(held, charge(TOKENS, 100, 100)), START);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 100");
    }

    @Test
    default void extension_of_what_is_not_held_is_closed() {
        // Given
        var limiter = limiter();
        var settled = hold(1, START, charge(TOKENS, 10, 100));
        limiter.reserve(settled, START);
        limiter.settle(ORGANIZATION, id(1), List.of(), START);
        // When
        var answer = limiter.extend(settled, START);
        // Then
        assertThat(answer).isInstanceOf(Admission.Closed.class);
        assertThat(limiter.extend(hold(2, START, charge(TOKENS, 10, 100)), START))
                .isInstanceOf(Admission.Closed.class);
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 0");
    }

    @Test
    default void correction_sets_the_use_and_leaves_holds() {
        // Given
        var limiter = limiter();
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(TOKENS, 70)), START);
        limiter.reserve(hold(2, START, charge(TOKENS, 5, 100)), START);
        // When
        limiter.correct(TOKENS, 12);
        // Then
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 12 held 5");
    }

    @Test
    default void correction_below_zero_is_refused() {
        // Given
        var limiter = limiter();
        // When, Then
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.correct(TOKENS, -1));
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 0");
    }

    @Test
    default void counter_without_a_maximum_counts_all_the_same() {
        // Given
        var limiter = limiter();
        limiter.correct(TOKENS, Long.MAX_VALUE - 5);
        // When
        var answer = limiter.reserve(hold(1, START, charge(TOKENS, 1_000, Long.MAX_VALUE)), START);
        // Then
        assertThat(show(answer)).isEqualTo("granted used " + (Long.MAX_VALUE - 5) + " held 1000");
    }

    @Test
    default void amount_of_zero_always_has_room() {
        // Given
        var limiter = limiter();
        limiter.correct(TOKENS, 500);
        // When
        var answer = limiter.reserve(hold(1, START, charge(TOKENS, 0, 100), charge(REQUESTS, 0, 0)), START);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 500 held 0, used 0 held 0");
    }

    @Test
    default void holds_never_pass_the_largest_number() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(1, START, charge(TOKENS, Long.MAX_VALUE - 1, Long.MAX_VALUE)), START);
        // When
        var answer = limiter.reserve(hold(2, START, charge(REQUESTS, 1, 1), charge(TOKENS, 2, Long.MAX_VALUE)), START);
        // Then
        assertThat(show(answer)).isEqualTo("denied used 0 held 0, used 0 held " + (Long.MAX_VALUE - 1));
        assertThat(levels(limiter, START, REQUESTS)).isEqualTo("used 0 held 0");
        assertThat(show(limiter.reserve(hold(3, START, charge(TOKENS, 1, Long.MAX_VALUE)), START)))
                .isEqualTo("granted used 0 held " + Long.MAX_VALUE);
    }

    @Test
    default void use_stops_at_the_largest_number() {
        // Given
        var limiter = limiter();
        limiter.correct(TOKENS, Long.MAX_VALUE - 1);
        // When
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(TOKENS, 5)), START);
        // Then
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used " + Long.MAX_VALUE + " held 0");
        assertThat(show(limiter.reserve(hold(2, START, charge(TOKENS, 1, Long.MAX_VALUE - 1)), START)))
                .startsWith("denied");
    }

    @Test
    default void organizations_are_apart() {
        // Given
        var limiter = limiter();
        var other = new OrganizationKey("globex");
        var counted = new Counted(MeterKey.TOKENS, Filter.ALL, Scope.ORGANIZATION, Holds.DAY);
        var theirs = new CounterKey(other, counted, "acme", Holds.DAY.at(START, WindowCalendar.UTC));
        var ours = hold(1, START, charge(TOKENS, 10, 10));
        limiter.reserve(ours, START);
        // When
        var answer = limiter.reserve(Holds.of(other, ours, charge(theirs, 10, 10)), START);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 10");
        limiter.settle(other, id(1), List.of(Posting.add(theirs, 3)), START);
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 10");
        assertThat(limiter.find(ORGANIZATION, id(1), START)).contains(ours);
        assertThat(limiter.find(other, id(1), START)).isEmpty();
    }

    @Test
    default void scopes_and_their_values_have_counters_of_their_own() {
        // Given
        var limiter = limiter();
        var perSubject = new Counted(MeterKey.TOKENS, Filter.ALL, Scope.SUBJECT, Holds.DAY);
        var ada = Holds.counter(perSubject, "ada", START);
        var bob = Holds.counter(perSubject, "bob", START);
        // When
        var answer = limiter.reserve(hold(1, START, charge(ada, 10, 10), charge(TOKENS, 10, 100)), START);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 10, used 0 held 10");
        assertThat(levels(limiter, START, bob, TOKENS, ada)).isEqualTo("used 0 held 0, used 0 held 10, used 0 held 10");
    }

    @TestFactory
    default Stream<DynamicTest> plays_every_scenario() {
        return Scenario.NAMES.stream()
                .map(name ->
                        DynamicTest.dynamicTest(name, () -> Scenario.named(name).play(new LimiterPlayer(limiter()))));
    }

    @TestFactory
    default Stream<DynamicTest> engine_plays_every_scenario() {
        return Scenario.OF_ADMISSION.stream()
                .map(name ->
                        DynamicTest.dynamicTest(name, () -> Scenario.named(name).play(new AdmissionPlayer(limiter()))));
    }

    static Charge charge(CounterKey counter, long amount, long maximum) {
        return new Charge(counter, amount, maximum);
    }

    /** Levels of counters as text, in the order asked for. */
    static String levels(Limiter limiter, Instant now, CounterKey... counters) {
        return show(limiter.levels(ORGANIZATION, List.of(counters), now));
    }

    static String show(Levels levels) {
        var text = new StringBuilder();
        for (int i = 0; i < levels.size(); i++) {
            text.append(i == 0 ? "" : ", ").append("used ").append(levels.used(i));
            text.append(" held ").append(levels.held(i));
        }
        return text.toString();
    }

    /** An answer in one line, such as {@code granted used 0 held 60}. */
    static String show(Admission admission) {
        return switch (admission) {
            case Admission.Granted granted -> (granted.repeated() ? "repeated " : "granted ") + show(granted.levels());
            case Admission.Denied denied -> "denied " + show(denied.levels());
            case Admission.Mismatch mismatch -> "mismatch " + show(mismatch.existing());
            case Admission.Closed _ -> "closed";
        };
    }

    private static String show(Hold hold) {
        return hold.id().toString();
    }
}
