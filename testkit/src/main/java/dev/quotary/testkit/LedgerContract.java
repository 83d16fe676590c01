package dev.quotary.testkit;

import static dev.quotary.testkit.LedgerSamples.ACME;
import static dev.quotary.testkit.LedgerSamples.ODD;
import static dev.quotary.testkit.LedgerSamples.changed;
import static dev.quotary.testkit.LedgerSamples.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.call.Call;
import dev.quotary.call.EventId;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.CounterSum;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Posting;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.time.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What every ledger promises. How it counts is in {@link LedgerCountingContract}. */
public interface LedgerContract {
    Window JANUARY_1 = new Window(LedgerSamples.START, LedgerSamples.START.plus(Duration.ofDays(1)));
    CounterKey TOKENS = LedgerSamples.tokens(JANUARY_1);

    /** Opens the ledger, always over the same storage within one test; what an earlier call opened is closed. */
    Ledger open(Follower follower);

    @Test
    default void recorded_event_is_found_with_every_field() {
        var ledger = open(new LedgerModel.Counters());
        Seeds.forEach(20, random -> {
            // Given
            var samples = new LedgerSamples(random);
            var events = new ArrayList<UsageEvent>();
            for (int i = 0; i < 20; i++) {
                events.add(samples.event());
            }
            // When
            var appended =
                    get(ledger.append(events.stream().map(LedgerSamples::entry).toList()));
            // Then
            assertThat(appended)
                    .isEqualTo(events.stream().map(Appended.Recorded::new).toList());
            assertThat(events)
                    .allSatisfy(event -> assertThat(found(ledger, event)).contains(event));
        });
    }

    @Test
    default void time_finer_than_what_is_kept_is_the_same_in_every_answer() {
        // Given
        var follower = new LedgerModel.Counters();
        var ledger = open(follower);
        var event = LedgerSamples.at(LedgerSamples.START.plusNanos(123_456_789), plain(1, "ann", 10));
        // When
        var first = get(ledger.append(List.of(counting(event)))).getFirst().event();
        var second = get(ledger.append(List.of(counting(event)))).getFirst().event();
        // Then
        assertThat(first.time()).isBetween(event.time().minusMillis(1), event.time());
        assertThat(second).isEqualTo(first);
        assertThat(found(ledger, event)).contains(first);
        assertThat(follower.events()).containsExactly(first);
    }

    @Test
    default void unknown_event_is_not_found() {
        // Given
        var ledger = open(new LedgerModel.Counters());
        // When
        var found = get(ledger.find(ACME, new EventId(1, 2)));
        // Then
        assertThat(found).isEmpty();
    }

    @Test
    default void repeated_event_is_a_duplicate_and_counts_once() {
        // Given
        var follower = new LedgerModel.Counters();
        var ledger = open(follower);
        var event = plain(1, "ann", 10);
        get(ledger.append(List.of(counting(event))));
        // When
        var repeated = get(ledger.append(List.of(counting(event))));
        // Then
        assertThat(repeated).containsExactly(new Appended.Duplicate(event));
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(10);
        assertThat(follower.events()).containsExactly(event);
    }

    @Test
    default void same_id_with_other_content_is_a_mismatch_that_shows_what_is_stored() {
        // Given
        var follower = new LedgerModel.Counters();
        var ledger = open(follower);
        var event = plain(1, "ann", 10);
        get(ledger.append(List.of(counting(event))));
        // When
        var other = get(ledger.append(List.of(counting(changed(event)))));
        // Then
        assertThat(other).containsExactly(new Appended.Mismatch(event));
        assertThat(found(ledger, event)).contains(event);
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(10);
        assertThat(follower.events()).containsExactly(event);
    }

    @Test
    default void mismatch_keeps_its_whole_batch_out() {
        // Given
        var follower = new LedgerModel.Counters();
        var ledger = open(follower);
        var stored = plain(1, "ann", 10);
        get(ledger.append(List.of(counting(stored))));
        var before = plain(2, "ann", 100);
        var after = plain(3, "ann", 1_000);
        // When
        var appended = get(
                ledger.append(List.of(counting(before), counting(changed(stored)), counting(after), counting(stored))));
        // Then
        assertThat(appended)
                .containsExactly(
                        new Appended.Mismatch(before),
                        new Appended.Mismatch(stored),
                        new Appended.Mismatch(after),
                        new Appended.Duplicate(stored));
        assertThat(found(ledger, before)).isEmpty();
        assertThat(found(ledger, after)).isEmpty();
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(10);
        assertThat(follower.events()).containsExactly(stored);
    }

    @Test
    default void entries_kept_out_by_a_mismatch_can_be_appended_afterwards() {
        // Given
        var ledger = open(new LedgerModel.Counters());
        var stored = plain(1, "ann", 10);
        var kept = plain(2, "ann", 100);
        get(ledger.append(List.of(counting(stored))));
        var refused = ledger.append(List.of(counting(kept), counting(changed(stored))));
        // When: at once, so that both may share a transaction
        var appended = ledger.append(List.of(counting(kept)));
        // Then
        assertThat(get(refused)).hasOnlyElementsOfType(Appended.Mismatch.class);
        assertThat(get(appended)).containsExactly(new Appended.Recorded(kept));
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(110);
    }

    @Test
    default void same_event_twice_in_a_batch_is_recorded_once() {
        // Given
        var follower = new LedgerModel.Counters();
        var ledger = open(follower);
        var event = plain(1, "ann", 10);
        // When
        var appended = get(ledger.append(List.of(counting(event), counting(event))));
        // Then
        assertThat(appended).containsExactly(new Appended.Recorded(event), new Appended.Duplicate(event));
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(10);
        assertThat(follower.events()).containsExactly(event);
    }

    @Test
    default void two_events_of_one_id_in_a_batch_are_a_mismatch() {
        // Given
        var ledger = open(new LedgerModel.Counters());
        var event = plain(1, "ann", 10);
        // When
        var appended = get(ledger.append(List.of(counting(event), counting(event), counting(changed(event)))));
        // Then
        assertThat(appended).containsOnly(new Appended.Mismatch(event));
        assertThat(found(ledger, event)).isEmpty();
        assertThat(get(ledger.sum(TOKENS))).isZero();
    }

    @Test
    default void organizations_learn_nothing_of_each_others_events() {
        // Given
        var ledger = open(new LedgerModel.Counters());
        var event = plain(1, "ann", 10);
        get(ledger.append(List.of(counting(event))));
        var same = new UsageEvent(
                event.id(),
                event.time(),
                new Call(ODD, null, null, event.call().dimensions()),
                event.metered(),
                event.result(),
                event.metadata(),
                7);
        var before = get(ledger.find(ODD, event.id()));
        // When
        var appended = get(ledger.append(List.of(new Entry(same, List.of()))));
        // Then
        assertThat(before).isEmpty();
        assertThat(appended).containsExactly(new Appended.Recorded(same));
        assertThat(found(ledger, event)).contains(event);
        assertThat(found(ledger, same)).contains(same);
    }

    @Test
    default void batch_of_no_or_too_many_entries_is_refused() {
        // Given
        var ledger = open(new LedgerModel.Counters());
        var entry = counting(plain(1, "ann", 10));
        var tooMany = Collections.nCopies(Ledger.BATCH_MAX + 1, entry);
        // When, Then
        assertThatThrownBy(() -> ledger.append(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger.append(tooMany)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    default void largest_batch_is_recorded() {
        // Given
        var ledger = open(new LedgerModel.Counters());
        var entries = new ArrayList<Entry>();
        for (int i = 0; i < Ledger.BATCH_MAX; i++) {
            entries.add(counting(plain(i, "ann", 1)));
        }
        // When
        var appended = get(ledger.append(entries));
        // Then
        assertThat(appended).hasSize(Ledger.BATCH_MAX).hasOnlyElementsOfType(Appended.Recorded.class);
        assertThat(get(ledger.sum(TOKENS))).isEqualTo(Ledger.BATCH_MAX);
    }

    @Test
    default void close_finishes_what_was_appended_and_later_calls_fail() {
        // Given
        var ledger = open(new LedgerModel.Counters());
        var stages = new ArrayList<CompletionStage<List<Appended>>>();
        for (int i = 0; i < 1_000; i++) {
            stages.add(ledger.append(List.of(counting(plain(i, "ann", 1)))));
        }
        // When
        ledger.close();
        // Then
        assertThat(stages)
                .allSatisfy(stage -> assertThat(stage.toCompletableFuture())
                        .isCompletedWithValueMatching(answer -> answer.getFirst() instanceof Appended.Recorded));
        assertThatThrownBy(() -> get(ledger.append(List.of(counting(plain(1_000, "ann", 1))))))
                .isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> get(ledger.find(ACME, new EventId(1, 1))))
                .isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> get(ledger.recount(List.of(LedgerCountingContract.recount(TOKENS)))))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    default void reopened_ledger_has_the_same_events_and_sums() {
        Seeds.forEach(3, random -> {
            // Given
            var samples = new LedgerSamples(random);
            var events = new ArrayList<UsageEvent>();
            var first = open(new LedgerModel.Counters());
            for (int i = 0; i < 300; i++) {
                var event = samples.event();
                events.add(event);
                var _ = first.append(List.of(LedgerSamples.entry(event)));
            }
            first.close();
            var other = open(new LedgerModel.Counters());
            var sums = openSums(other, LedgerSamples.START.plus(Duration.ofDays(9)));
            other.close();
            // When
            var reopened = open(new LedgerModel.Counters());
            // Then
            assertThat(sums).isNotEmpty();
            assertThat(openSums(reopened, LedgerSamples.START.plus(Duration.ofDays(9))))
                    .isEqualTo(sums);
            assertThat(events)
                    .allSatisfy(event -> assertThat(found(reopened, event)).contains(event));
            assertThat(get(reopened.append(List.of(LedgerSamples.entry(events.getFirst())))))
                    .containsExactly(new Appended.Duplicate(events.getFirst()));
        });
    }

    /** An entry that counts the tokens of a {@link LedgerSamples#plain} event. */
    static Entry counting(UsageEvent event) {
        return new Entry(
                event,
                List.of(Posting.add(
                        TOKENS, event.metered().amounts().quantities().tokens())));
    }

    static Optional<UsageEvent> found(Ledger ledger, UsageEvent event) {
        return get(ledger.find(event.call().organization(), event.id()));
    }

    /** The open sums, in no order that matters. */
    static Set<CounterSum> openSums(Ledger ledger, Instant now) {
        var sums = new HashSet<CounterSum>();
        ledger.openSums(now, sum -> assertThat(sums.add(sum)).isTrue());
        return sums;
    }

    /** The answer of a stage, or the exception that it failed with. */
    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer in time", e);
        }
    }

    /** The stored sum of a counter, as {@link Ledger#openSums} hands it out. */
    static CounterSum sumOf(CounterKey counter, long used) {
        return new CounterSum(
                counter.organization(),
                counter.text(),
                counter.scopeValue(),
                counter.window().start(),
                used);
    }
}
