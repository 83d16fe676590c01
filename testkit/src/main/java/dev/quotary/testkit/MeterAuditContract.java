package dev.quotary.testkit;

import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerSamples.ACME;
import static dev.quotary.testkit.LedgerSamples.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.EventId;
import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.Audit;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every audit promises of the hourly sums of declared meters; the damage is done in words that all our SQL stores understand. */
public interface MeterAuditContract {
    MeterKey WORDS = new MeterKey("words");

    /** A ledger over storage of its own, which is empty; {@link #audit} and {@link #damage} are for the last one. */
    Ledger openEmpty();

    Audit audit();

    /** Does something to the storage that no code of ours does. */
    void damage(String sql);

    private static UsageEvent event(long number, long second, Map<MeterKey, Long> amounts, Map<String, String> others) {
        var dimensions = new Dimensions(null, "m1", null, "session-" + number, null, others);
        var call = new Call(ACME, new SubjectKey("ann"), null, dimensions);
        var metered = new Metered(
                new Amounts(Quantities.of(amounts), Money.ZERO), TokenUsage.NONE, Optional.empty(), Evidence.REPORTED);
        return new UsageEvent(
                new EventId(number, number), START.plusSeconds(second), call, metered, Result.SUCCESS, "", number);
    }

    private void record(UsageEvent... events) {
        var ledger = openEmpty();
        for (var event : events) {
            get(ledger.append(List.of(new Entry(event, List.of()))));
        }
    }

    private List<Difference> differences() {
        var differences = new ArrayList<Difference>();
        audit().verify(AuditContract.Everything.TOKENS, START, differences::add);
        return differences;
    }

    private static Difference meter(String subject, String sum, long expected, long found) {
        var hour = new Difference.MeterHour(START, WORDS.value(), subject, "model=m1 team=red");
        return new Difference.OfMeter(ACME, hour, sum, expected, found);
    }

    private void recordWords() {
        record(
                event(1, 10, Map.of(WORDS, 7L), Map.of("team", "red")),
                event(2, 20, Map.of(WORDS, 5L), Map.of("team", "red")));
    }

    @Test
    default void sums_of_a_meter_are_kept_by_its_dimensions_without_sessions() {
        // Given
        recordWords();
        damage("UPDATE meter_hour SET events = 3, amount = 13, least = 4, most = 8");
        // When
        var differences = differences();
        // Then
        assertThat(differences)
                .containsExactlyInAnyOrder(
                        meter("ann", "events", 2, 3),
                        meter("ann", "amount", 12, 13),
                        meter("ann", "least", 5, 4),
                        meter("ann", "most", 7, 8));
    }

    @Test
    default void missing_and_surplus_rows_of_a_meter_are_named_and_mended() {
        // Given
        recordWords();
        damage("UPDATE meter_hour SET subject = 'eve'");
        // When
        var before = differences();
        audit().rebuild(AuditContract.Everything.TOKENS, START, _ -> {});
        // Then
        assertThat(before)
                .containsExactlyInAnyOrder(
                        meter("ann", "events", 2, 0),
                        meter("ann", "amount", 12, 0),
                        meter("ann", "least", 5, 0),
                        meter("ann", "most", 7, 0),
                        meter("eve", "events", 0, 2),
                        meter("eve", "amount", 0, 12),
                        meter("eve", "least", 0, 5),
                        meter("eve", "most", 0, 7));
        assertThat(differences()).isEmpty();
    }

    @Test
    default void row_of_a_meter_in_an_hour_without_events_is_named_and_mended() {
        // Given
        recordWords();
        damage("UPDATE meter_hour SET hour = hour - 7200000000");
        // When
        var before = differences();
        audit().rebuild(AuditContract.Everything.TOKENS, START, _ -> {});
        // Then
        assertThat(before).hasSize(8);
        assertThat(differences()).isEmpty();
    }

    @Test
    default void value_that_is_missing_or_too_many_is_named_and_mended() {
        // Given
        record(
                event(1, 10, Map.of(WORDS, 1L), Map.of("team", "red", WORDS.value(), "one")),
                event(2, 20, Map.of(WORDS, 1L), Map.of("team", "red", WORDS.value(), "two")),
                event(3, 30, Map.of(WORDS, 1L), Map.of("team", "red", WORDS.value(), "one")));
        damage("UPDATE meter_value SET value = 'three' WHERE value = 'two'");
        // When
        var before = differences();
        audit().rebuild(AuditContract.Everything.TOKENS, START, _ -> {});
        // Then
        assertThat(before)
                .containsExactlyInAnyOrder(meter("ann", "value two", 1, 0), meter("ann", "value three", 0, 1));
        assertThat(differences()).isEmpty();
    }

    @Test
    default void latest_level_of_an_hour_is_the_newest_whatever_comes_late() {
        // Given
        var ledger = openEmpty();
        var levels = Set.of(WORDS);
        for (var event : List.of(
                event(1, 10, Map.of(WORDS, 7L), Map.of("team", "red")),
                event(2, 30, Map.of(WORDS, 3L), Map.of("team", "red")),
                event(3, 20, Map.of(WORDS, 9L), Map.of("team", "red")))) {
            get(ledger.append(List.of(new Entry(event, List.of(), levels))));
        }
        damage("UPDATE meter_hour SET latest = 8");
        // When
        var before = differences();
        audit().rebuild(AuditContract.Everything.TOKENS, START, _ -> {});
        // Then
        assertThat(before).containsExactly(meter("ann", "latest", 3, 8));
        assertThat(differences()).isEmpty();
    }

    @Test
    default void damage_of_all_kinds_to_many_events_is_mended_as_it_was_told() {
        Seeds.forEach(5, random -> {
            // Given
            var samples = new LedgerSamples(random);
            var ledger = openEmpty();
            for (int i = 0; i < 20; i++) {
                get(ledger.append(List.of(samples.entry(), samples.entry(), samples.entry())));
            }
            var right = new ArrayList<Difference>();
            audit().verify(AuditContract.Everything.COUNTED, START, right::add);
            damage(
                    "UPDATE meter_hour SET amount = amount + 1, latest_time = 5 WHERE hour % 3 = 0 OR subject = 'user-1'");
            damage("DELETE FROM meter_hour WHERE subject = 'user-2'");
            damage("UPDATE meter_hour SET dimensions = 'nothing' WHERE meter = 'seats'");
            damage("DELETE FROM meter_value WHERE subject = ''");
            damage("UPDATE meter_value SET value = 'nothing' WHERE value = 'file 1'");
            var before = new ArrayList<Difference>();
            audit().verify(AuditContract.Everything.COUNTED, START, before::add);
            // When
            var mended = new ArrayList<Difference>();
            audit().rebuild(AuditContract.Everything.COUNTED, START, mended::add);
            // Then
            assertThat(right).isEmpty();
            assertThat(before).isNotEmpty();
            assertThat(mended).containsExactlyInAnyOrderElementsOf(before);
            var after = new ArrayList<Difference>();
            audit().verify(AuditContract.Everything.COUNTED, START, after::add);
            assertThat(after).isEmpty();
        });
    }
}
