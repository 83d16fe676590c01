package dev.quotary.testkit;

import static dev.quotary.testkit.LedgerContract.JANUARY_1;
import static dev.quotary.testkit.LedgerContract.TOKENS;
import static dev.quotary.testkit.LedgerContract.counting;
import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerContract.openSums;
import static dev.quotary.testkit.LedgerContract.sumOf;
import static dev.quotary.testkit.LedgerSamples.ACME;
import static dev.quotary.testkit.LedgerSamples.START;
import static dev.quotary.testkit.LedgerSamples.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.quotary.ledger.CounterSum;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.Reset;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.Scope;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.TokenUsage;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every ledger promises about what moves counters beside use: resets, and when graces began. */
public interface LedgerCorrectionContract {
    Instant NOON = START.plusSeconds(12 * 3_600);

    /** As in {@link LedgerContract}. */
    Ledger open(Follower follower);

    /** Notes what it is told beside entries. */
    final class Told implements Follower {
        final List<String> words = new ArrayList<>();

        @Override
        public synchronized void recorded(Entry entry) {
            words.add("recorded");
        }

        @Override
        public synchronized void recounted(CounterKey counter, long used) {
            words.add(counter.counted().meter() + " = " + used);
        }

        @Override
        public synchronized void exceeded(CounterKey counter, @Nullable Instant at) {
            words.add(counter.counted().meter() + " since " + at);
        }

        synchronized List<String> words() {
            return List.copyOf(words);
        }
    }

    @Test
    default void reset_counter_begins_anew_and_a_recount_gives_the_same() {
        // Given
        var told = new Told();
        var ledger = open(told);
        get(ledger.append(List.of(counting(plain(1, "ann", 10)), counting(plain(2, "ann", 5)))));
        // When
        var resets = get(ledger.reset(List.of(TOKENS), NOON, "key-1"));
        get(ledger.append(List.of(counting(plain(3, "ann", 4)))));
        get(ledger.recount(List.of(new Recount(ACME, TOKENS.counted(), JANUARY_1))));
        // Then
        var reset = new Reset(ACME, TOKENS.text(), TOKENS.scopeValue(), JANUARY_1.start(), 15, NOON, "key-1");
        assertThat(resets).containsExactly(reset);
        assertThat(reset.meter()).isEqualTo(MeterKey.TOKENS);
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(4);
        assertThat(openSums(ledger, NOON)).containsExactly(sumOf(TOKENS, 4));
        assertThat(told.words())
                .containsExactly("recorded", "recorded", "tokens = 0", "tokens since null", "recorded", "tokens = 4");
    }

    @Test
    default void resets_are_kept_newest_first_and_a_counter_at_0_adds_none() {
        // Given
        var ledger = open(new Told());
        var other = TOKENS.in(LedgerCountingContract.EARLIER);
        get(ledger.append(List.of(counting(plain(1, "ann", 10)))));
        // When
        get(ledger.reset(List.of(TOKENS, other), NOON, "key-1"));
        get(ledger.append(List.of(counting(plain(2, "ann", 3)))));
        get(ledger.reset(List.of(TOKENS), NOON.plusSeconds(1), "key-2"));
        var repeated = get(ledger.reset(List.of(TOKENS), NOON.plusSeconds(2), "key-2"));
        // Then
        assertThat(repeated).isEmpty();
        assertThat(get(ledger.resets(ACME, TOKENS.scopeValue())))
                .extracting(Reset::amount, Reset::by)
                .containsExactly(tuple(3L, "key-2"), tuple(10L, "key-1"));
        assertThat(get(ledger.resets(ACME, "somebody else"))).isEmpty();
    }

    @Test
    default void reset_survives_reopening() {
        // Given
        var first = open(new Told());
        get(first.append(List.of(counting(plain(1, "ann", 10)))));
        get(first.reset(List.of(TOKENS), NOON, "key-1"));
        get(first.append(List.of(counting(plain(2, "ann", 2)))));
        first.close();
        // When
        var reopened = open(new Told());
        get(reopened.recount(List.of(new Recount(ACME, TOKENS.counted(), JANUARY_1))));
        // Then
        assertThat(get(reopened.sum(TOKENS))).isEqualTo(2);
        assertThat(get(reopened.resets(ACME, TOKENS.scopeValue()))).hasSize(1);
    }

    @Test
    default void earliest_beginning_of_a_grace_stands_and_survives_reopening() {
        // Given
        var told = new Told();
        var first = open(told);
        get(first.append(List.of(counting(plain(1, "ann", 10)))));
        // When
        get(first.exceeded(TOKENS, NOON));
        get(first.exceeded(TOKENS, NOON.plusSeconds(5)));
        get(first.exceeded(TOKENS, NOON.minusSeconds(5)));
        first.close();
        var reopened = open(new Told());
        // Then
        assertThat(told.words())
                .containsExactly("recorded", "tokens since " + NOON, "tokens since " + NOON.minusSeconds(5));
        assertThat(openSums(reopened, NOON)).containsExactly(sum(10, NOON.minusSeconds(5)));
    }

    @Test
    default void grace_of_a_counter_without_use_is_known_too() {
        // Given
        var ledger = open(new Told());
        // When
        get(ledger.exceeded(TOKENS, NOON));
        // Then
        assertThat(openSums(ledger, NOON)).containsExactly(sum(0, NOON));
        assertThat(openSums(ledger, JANUARY_1.end())).isEmpty();
    }

    @Test
    default void reset_ends_a_grace_and_one_that_began_before_is_not_noted_afterwards() {
        // Given
        var ledger = open(new Told());
        get(ledger.append(List.of(counting(plain(1, "ann", 10)))));
        get(ledger.exceeded(TOKENS, NOON));
        // When
        get(ledger.reset(List.of(TOKENS), NOON.plusSeconds(9), "key-1"));
        var ended = openSums(ledger, NOON);
        get(ledger.exceeded(TOKENS, NOON.plusSeconds(3)));
        var before = openSums(ledger, NOON);
        get(ledger.exceeded(TOKENS, NOON.plusSeconds(10)));
        // Then
        assertThat(ended).containsExactly(sum(0, null));
        assertThat(before).containsExactly(sum(0, null));
        assertThat(openSums(ledger, NOON)).containsExactly(sum(0, NOON.plusSeconds(10)));
    }

    private static CounterSum sum(long used, @Nullable Instant exceededAt) {
        return new CounterSum(
                ACME, TOKENS.text(), TOKENS.scopeValue(), TOKENS.window().start(), used, exceededAt);
    }

    @Test
    default void sums_are_open_as_long_as_they_count() {
        // Given
        var ledger = open(new Told());
        var minute = counter("minute");
        var slice = counter("sliding-minute");
        var day = counter("day");
        // When
        get(ledger.append(List.of(new Entry(
                plain(1, "ann", 3), List.of(Posting.add(minute, 1), Posting.add(slice, 2), Posting.add(day, 3))))));
        // Then: the minute for a burst of the next one, the slice for two windows.
        assertThat(openSums(ledger, START.plusSeconds(119)))
                .containsExactlyInAnyOrder(sumOf(minute, 1), sumOf(slice, 2), sumOf(day, 3));
        assertThat(openSums(ledger, START.plusSeconds(120))).containsExactlyInAnyOrder(sumOf(slice, 2), sumOf(day, 3));
        assertThat(openSums(ledger, START.plusSeconds(121))).containsExactly(sumOf(day, 3));
    }

    @Test
    default void slices_are_recounted_each_from_its_own_events() {
        // Given
        var ledger = open(new Told());
        var counted = counter("sliding-hour").counted();
        get(ledger.append(List.of(
                new Entry(plain(1, "ann", 5), List.of()),
                new Entry(at(plain(2, "ann", 7), START.plusSeconds(59)), List.of()),
                new Entry(at(plain(3, "ann", 9), START.plusSeconds(60)), List.of()))));
        // When
        get(ledger.recount(counted.counting(START.plusSeconds(90), WindowCalendar.UTC).stream()
                .map(slice -> new Recount(ACME, counted, slice))
                .toList()));
        // Then
        assertThat(openSums(ledger, START.plusSeconds(90)))
                .containsExactlyInAnyOrder(
                        sumOf(counter("sliding-hour"), 12),
                        sumOf(
                                counter("sliding-hour")
                                        .in(counted.window().at(START.plusSeconds(60), WindowCalendar.UTC)),
                                9));
    }

    private static UsageEvent at(UsageEvent event, Instant time) {
        return new UsageEvent(event.id(), time, event.call(), event.metered(), event.result(), "", event.fingerprint());
    }

    private static CounterKey counter(String window) {
        var spec = WindowSpec.parse(window);
        return new CounterKey(
                ACME,
                new Counted(MeterKey.TOKENS, Filter.ALL, Scope.ORGANIZATION, spec),
                ACME.value(),
                spec.at(START, WindowCalendar.UTC));
    }

    /** Who begins to count a level later must know that it was one. */
    @Test
    default void level_that_nobody_counted_is_recounted_as_a_level() {
        // Given
        var ledger = open(new Told());
        var seats = LedgerCountingContract.SEATS;
        get(ledger.append(List.of(
                new Entry(seats(1, 50), List.of(), Set.of(LedgerSamples.SEATS)),
                new Entry(seats(2, 70), List.of(), Set.of(LedgerSamples.SEATS)))));
        // When
        get(ledger.recount(List.of(new Recount(ACME, seats.counted(), seats.window()))));
        // Then
        assertThat(get(ledger.sum(seats))).isEqualTo(70);
    }

    private static UsageEvent seats(long number, long level) {
        var plain = plain(number, "ann", 0);
        var quantities = Quantities.of(Map.of(LedgerSamples.SEATS, level));
        var metered =
                new Metered(new Amounts(quantities, Money.ZERO), TokenUsage.NONE, Optional.empty(), Evidence.REPORTED);
        return new UsageEvent(plain.id(), plain.time(), plain.call(), metered, plain.result(), "", number);
    }

    @Test
    default void estimate_is_kept_with_the_event() {
        // Given
        var first = open(new Told());
        var plain = plain(1, "ann", 10);
        var estimate = new Amounts(new Quantities(1, 2, 3, 9, Map.of(LedgerSamples.SEATS, 0L)), new Money(77));
        var event = new UsageEvent(
                plain.id(), plain.time(), plain.call(), plain.metered(), plain.result(), Optional.of(estimate), "", 1);
        // When
        get(first.append(List.of(counting(event))));
        var here = get(first.find(ACME, event.id()));
        first.close();
        var there = get(open(new Told()).find(ACME, event.id()));
        // Then
        assertThat(here).contains(event);
        assertThat(there).contains(event);
    }
}
