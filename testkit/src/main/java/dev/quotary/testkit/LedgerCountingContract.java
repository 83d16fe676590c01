package dev.quotary.testkit;

import static dev.quotary.testkit.LedgerContract.JANUARY_1;
import static dev.quotary.testkit.LedgerContract.TOKENS;
import static dev.quotary.testkit.LedgerContract.counting;
import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerContract.openSums;
import static dev.quotary.testkit.LedgerContract.sumOf;
import static dev.quotary.testkit.LedgerSamples.START;
import static dev.quotary.testkit.LedgerSamples.changed;
import static dev.quotary.testkit.LedgerSamples.plain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.Window;
import dev.quotary.time.WindowSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What every ledger promises about sums, their follower, and many appending at once. */
public interface LedgerCountingContract {
    Window EARLIER = new Window(START.minus(Duration.ofDays(1)), START);
    CounterKey SEATS = new CounterKey(
            LedgerSamples.ACME,
            new Counted(LedgerSamples.SEATS, Filter.ALL, Scope.ORGANIZATION, WindowSpec.LIFETIME),
            LedgerSamples.ACME.value(),
            Window.ENDLESS);

    /** As in {@link LedgerContract}. */
    Ledger open(Follower follower);

    /** Opens a ledger over storage of its own, which is empty. */
    Ledger openEmpty(Follower follower);

    @Test
    default void postings_add_up_per_counter_and_window() {
        // Given
        var ledger = open(new LedgerModel.Counters());
        var tomorrow = TOKENS.in(new Window(JANUARY_1.end(), JANUARY_1.end().plus(Duration.ofDays(1))));
        // When
        get(ledger.append(List.of(
                counting(plain(1, "ann", 10)),
                counting(plain(2, "bob", 5)),
                new Entry(plain(3, "ann", 9), List.of(Posting.add(tomorrow, 9), Posting.add(TOKENS, 1))))));
        get(ledger.append(List.of(counting(plain(4, "ann", 100)))));
        // Then
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(116);
        assertThat(get(ledger.sum(tomorrow))).isEqualTo(9);
        assertThat(get(ledger.sum(TOKENS.in(EARLIER)))).isZero();
    }

    @Test
    default void sum_of_an_ended_window_stays_readable_but_is_not_open() {
        // Given
        var ledger = open(new LedgerModel.Counters());
        var ended = TOKENS.in(EARLIER);
        get(ledger.append(
                List.of(new Entry(plain(1, "ann", 3), List.of(Posting.add(ended, 3), Posting.add(TOKENS, 4))))));
        // When
        var open = openSums(ledger, START);
        var later = openSums(ledger, JANUARY_1.end());
        // Then
        assertThat(open).containsExactly(sumOf(TOKENS, 4));
        assertThat(later).isEmpty();
        assertThat(get(ledger.sum(ended))).isEqualTo(3);
    }

    @Test
    default void sum_stops_at_the_largest_number_instead_of_failing() {
        // Given
        var ledger = open(new LedgerModel.Counters());
        get(ledger.append(List.of(new Entry(plain(1, "ann", 1), List.of(Posting.add(TOKENS, Long.MAX_VALUE - 5))))));
        // When
        get(ledger.append(List.of(
                new Entry(plain(2, "ann", 1), List.of(Posting.add(TOKENS, 4))),
                new Entry(plain(3, "ann", 1), List.of(Posting.add(TOKENS, Long.MAX_VALUE))))));
        // Then
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    default void newest_level_stands_and_a_late_older_one_changes_nothing() {
        // Given
        var follower = new LedgerModel.Counters();
        var ledger = open(follower);
        get(ledger.append(List.of(level(1, 10, 50), level(2, 20, 70))));
        // When
        get(ledger.append(List.of(level(3, 15, 60))));
        var afterLate = get(ledger.sum(SEATS));
        get(ledger.append(List.of(level(4, 20, 71), level(5, 19, 1), level(6, 30, 0), level(7, 25, 9))));
        // Then
        assertThat(afterLate).isEqualTo(70);
        assertThat(get(ledger.sum(SEATS))).isZero();
        assertThat(follower.used()).containsExactly(Map.entry(SEATS, 0L));
        assertThat(follower.events()).hasSize(7);
    }

    @Test
    default void what_is_added_to_a_level_counts_until_the_next_one() {
        // Given
        var ledger = open(new LedgerModel.Counters());
        get(ledger.append(List.of(new Entry(plain(1, "ann", 0), List.of(Posting.add(SEATS, 3))))));
        get(ledger.append(List.of(new Entry(plain(2, "ann", 0), List.of(Posting.add(SEATS, 4))), level(3, 10, 50))));
        // When
        get(ledger.append(List.of(new Entry(plain(4, "ann", 0), List.of(Posting.add(SEATS, 2))))));
        get(ledger.append(List.of(level(5, 5, 8), new Entry(plain(6, "ann", 0), List.of(Posting.add(SEATS, 1))))));
        // Then
        assertThat(get(ledger.sum(SEATS))).isEqualTo(53);
    }

    @Test
    default void follower_learns_each_event_once_in_order_before_the_answer() {
        // Given
        var follower = new LedgerModel.Counters();
        var ledger = open(follower);
        var known = new ConcurrentLinkedQueue<Boolean>();
        var events = new ArrayList<UsageEvent>();
        // When
        var last = ledger.append(List.of(counting(plain(0, "ann", 1))));
        events.add(plain(0, "ann", 1));
        for (int i = 1; i < 500; i++) {
            var event = plain(i, "ann", 1);
            events.add(event);
            last = ledger.append(List.of(counting(event), counting(event)));
            var _ = last.thenRun(() -> known.add(follower.events().contains(event)));
            var _ = ledger.append(List.of(counting(changed(event))));
        }
        get(last);
        ledger.close();
        // Then
        assertThat(follower.events()).isEqualTo(events);
        assertThat(known).hasSize(499).containsOnly(true);
    }

    @Test
    default void of_many_racing_for_an_id_exactly_one_records_it() throws InterruptedException {
        // Given
        int threads = 64;
        int rounds = 150;
        var follower = new LedgerModel.Counters();
        var ledger = open(follower);
        var recorded = new ConcurrentLinkedQueue<UsageEvent>();
        // When: each id is appended by eight threads, and half of the batches hold two events
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < threads; thread++) {
                int group = thread / 8;
                executor.execute(() -> {
                    for (int round = 0; round < rounds; round++) {
                        var batch = new ArrayList<>(List.of(counting(plain(group * 1_000L + round, "ann", 1))));
                        if (round % 2 == 0) {
                            batch.add(counting(plain(100_000 + group * 1_000L + round, "bob", 1)));
                        }
                        get(ledger.append(batch)).stream()
                                .filter(Appended.Recorded.class::isInstance)
                                .forEach(answer -> recorded.add(answer.event()));
                    }
                });
            }
        }
        // Then
        int expected = threads / 8 * (rounds + rounds / 2);
        assertThat(recorded).hasSize(expected).doesNotHaveDuplicates();
        assertThat(follower.events()).hasSize(expected);
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(expected);
    }

    @Test
    default void recount_gives_the_sum_of_the_postings() {
        Seeds.forEach(15, random -> {
            // Given
            var model = new LedgerModel();
            var follower = new LedgerModel.Counters();
            try (var ledger = openEmpty(follower)) {
                play(random, ledger, model);
                var before = sums(ledger, model);
                // When
                get(ledger.recount(model.sums().keySet().stream()
                        .map(LedgerCountingContract::recount)
                        .distinct()
                        .toList()));
                // Then
                assertThat(before).isEqualTo(model.sums());
                assertThat(sums(ledger, model)).isEqualTo(model.sums());
                assertThat(follower.used()).isEqualTo(model.sums());
                assertThat(new HashSet<>(follower.events())).isEqualTo(new HashSet<>(model.events()));
            }
        });
    }

    @Test
    default void recount_repairs_a_wrong_sum_and_tells_the_follower_in_its_turn() {
        // Given: postings that do not say what the events say
        var follower = new LedgerModel.Counters();
        var ledger = open(follower);
        var wrong = List.of(
                new Entry(plain(1, "ann", 10), List.of(Posting.add(TOKENS, 999))),
                new Entry(plain(2, "ann", 20), List.of()));
        var first = ledger.append(wrong);
        // When
        var recounted = ledger.recount(List.of(recount(TOKENS)));
        var last = ledger.append(List.of(counting(plain(3, "ann", 5))));
        // Then
        get(first);
        get(recounted);
        get(last);
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(35);
        assertThat(follower.used()).containsExactly(Map.entry(TOKENS, 35L));
    }

    @Test
    default void recount_finds_whose_counters_there_are_in_the_events_alone() {
        // Given: use that nobody counted, and a sum that no event accounts for
        var follower = new LedgerModel.Counters();
        var ledger = open(follower);
        var counted = new Counted(MeterKey.TOKENS, Filter.ALL, Scope.SUBJECT, WindowSpec.parse("day"));
        var ann = new CounterKey(LedgerSamples.ACME, counted, "ann", JANUARY_1);
        var bob = new CounterKey(LedgerSamples.ACME, counted, "bob", JANUARY_1);
        var nobody = new CounterKey(LedgerSamples.ACME, counted, "nobody", JANUARY_1);
        get(ledger.append(List.of(
                new Entry(plain(1, "ann", 10), List.of(Posting.add(nobody, 3))),
                new Entry(plain(2, "bob", 4), List.of()),
                new Entry(plain(3, "bob", 5), List.of()),
                new Entry(LedgerSamples.at(JANUARY_1.end(), plain(4, "bob", 100)), List.of()))));
        // When
        get(ledger.recount(List.of(recount(ann))));
        // Then
        assertThat(follower.used()).isEqualTo(Map.of(ann, 10L, bob, 9L, nobody, 0L));
        assertThat(openSums(ledger, START)).containsExactlyInAnyOrder(sumOf(ann, 10), sumOf(bob, 9), sumOf(nobody, 0));
    }

    static Recount recount(CounterKey counter) {
        return new Recount(counter.organization(), counter.counted(), counter.window());
    }

    private static void play(RandomGenerator random, Ledger ledger, LedgerModel model) {
        var samples = new LedgerSamples(random);
        var known = new ArrayList<UsageEvent>();
        for (int batch = 0; batch < 30; batch++) {
            var entries = new ArrayList<Entry>();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                var event = samples.event();
                known.add(event);
                entries.add(LedgerSamples.entry(event));
            }
            if (random.nextInt(3) == 0) {
                var again = known.get(random.nextInt(known.size()));
                entries.add(LedgerSamples.entry(random.nextInt(3) == 0 ? changed(again) : again));
            }
            Collections.shuffle(entries, random);
            var answers = get(ledger.append(entries));
            boolean matches = model.append(entries);
            assertThat(answers.stream().anyMatch(Appended.Mismatch.class::isInstance))
                    .isEqualTo(!matches);
        }
    }

    private static Map<CounterKey, Long> sums(Ledger ledger, LedgerModel model) {
        var sums = new HashMap<CounterKey, Long>();
        model.sums().keySet().forEach(counter -> sums.put(counter, get(ledger.sum(counter))));
        return sums;
    }

    private static Entry level(long number, long second, long seats) {
        var event = LedgerSamples.at(START.plusSeconds(second), plain(number, "ann", 0));
        return new Entry(event, List.of(Posting.set(SEATS, seats)));
    }
}
