package dev.quotary.testkit;

import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerSamples.ACME;
import static dev.quotary.testkit.LedgerSamples.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Audit;
import dev.quotary.ledger.Coverage;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.ledger.Verification;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.Scope;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.time.Window;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/**
 * What every audit promises: what was damaged behind the ledger's back is named, nothing else is, and a rebuild mends it. The damage is
 * done in the words that all our SQL stores understand.
 */
public interface AuditContract {
    /** Counts per subject and day: what most tests damage. */
    Counted TOKENS_A_DAY = new Counted(MeterKey.TOKENS, Filter.ALL, Scope.SUBJECT, WindowSpec.parse("day"));

    Instant TOMORROW = START.plus(Duration.ofDays(1));

    /** A ledger over storage of its own, which is empty; {@link #audit} and {@link #damage} are for the last one. */
    Ledger openEmpty();

    Audit audit();

    /** Does something to the storage that no code of ours does. */
    void damage(String sql);

    @Test
    default void what_the_ledger_wrote_is_told_to_be_right() {
        Seeds.forEach(5, random -> {
            // Given
            var samples = new LedgerSamples(random);
            var ledger = openEmpty();
            var ids = new HashSet<Object>();
            for (int i = 0; i < 20; i++) {
                var entries = new ArrayList<Entry>();
                for (int j = 0; j < 25; j++) {
                    entries.add(samples.entry());
                }
                entries.forEach(entry -> ids.add(entry.event().id()));
                get(ledger.append(entries));
            }
            // When
            var told = told(Everything.COUNTED, TOMORROW);
            // Then
            assertThat(told.differences()).isEmpty();
            assertThat(told.verification().clean()).isTrue();
            assertThat(told.verification().events()).isEqualTo(ids.size());
            assertThat(told.verification().rollups()).isPositive();
            assertThat(told.verification().sums()).isPositive();
            assertThat(told.verification().sumsPassedOver()).isZero();
        });
    }

    @Test
    default void empty_ledger_is_right() {
        // Given
        var _ = openEmpty();
        // When
        var told = told(Everything.COUNTED, START);
        // Then
        assertThat(told.verification()).isEqualTo(Verification.NOTHING);
    }

    @Test
    default void wrong_sum_of_a_rollup_is_named() {
        // Given
        append(event(1, "ann", 10), event(2, "bob", 5));
        damage("UPDATE usage_hour SET tokens = 11, events = 3 WHERE subject = 'ann'");
        // When
        var told = told();
        // Then
        assertThat(told.differences())
                .containsExactlyInAnyOrder(rollup("ann", "tokens", 10, 11), rollup("ann", "events", 1, 3));
        assertThat(told.verification()).isEqualTo(new Verification(2, 2, 2, 0, 2));
    }

    @Test
    default void missing_row_of_a_rollup_is_named() {
        // Given
        append(event(1, "ann", 10), event(2, "bob", 5));
        damage("DELETE FROM usage_hour WHERE subject = 'bob'");
        // When
        var told = told();
        // Then
        assertThat(told.differences())
                .containsExactlyInAnyOrder(
                        rollup("bob", "events", 1, 0),
                        rollup("bob", "requests", 1, 0),
                        rollup("bob", "tokens_input", 5, 0),
                        rollup("bob", "tokens", 5, 0));
    }

    @Test
    default void surplus_row_of_a_rollup_is_named() {
        // Given
        append(event(1, "ann", 10));
        damage("UPDATE usage_hour SET subject = 'eve'");
        // When
        var told = told();
        // Then
        assertThat(told.differences())
                .contains(rollup("ann", "events", 1, 0), rollup("eve", "events", 0, 1), rollup("eve", "tokens", 0, 10));
    }

    @Test
    default void row_of_an_hour_without_events_is_named() {
        // Given
        append(event(1, "ann", 10));
        damage("UPDATE usage_hour SET hour = hour - 7200000000");
        // When
        var told = told();
        // Then
        var hour = new Difference.Hour(START.minusSeconds(7200), "ann", "", "", "");
        assertThat(told.differences())
                .contains(rollup("ann", "events", 1, 0), new Difference.OfRollup(ACME, hour, "events", 0, 1));
    }

    @Test
    default void wrong_missing_and_surplus_sums_are_named() {
        // Given
        append(event(1, "ann", 10), event(2, "bob", 5), event(3, "eve", 7), event(4, "用户", 2), event(5, "🙂", 3));
        damage("UPDATE window_sum SET used = 12 WHERE scope_value = 'ann'");
        damage("DELETE FROM window_sum WHERE scope_value = 'bob'");
        damage("UPDATE window_sum SET scope_value = 'ﬀ' WHERE scope_value = '🙂'");
        // When
        var told = told();
        // Then
        assertThat(told.differences())
                .containsExactlyInAnyOrder(sum("ann", 10, 12), sum("bob", 5, 0), sum("🙂", 3, 0), sum("ﬀ", 0, 3));
        assertThat(told.verification().sums()).isEqualTo(6);
    }

    @Test
    default void sums_of_the_window_of_now_must_be_there() {
        // Given
        append(event(1, "ann", 10));
        damage("DELETE FROM window_sum");
        // When
        var today = told();
        var tomorrow = told(Everything.TOKENS, TOMORROW);
        // Then
        assertThat(today.differences()).containsExactly(sum("ann", 10, 0));
        assertThat(tomorrow.differences()).isEmpty();
    }

    @Test
    default void event_that_is_gone_is_missed_by_everything_derived_from_it() {
        // Given
        append(event(1, "ann", 10), event(2, "ann", 5));
        damage("DELETE FROM usage_event WHERE tokens = 5");
        // When
        var told = told();
        // Then
        assertThat(told.differences())
                .containsExactlyInAnyOrder(
                        sum("ann", 10, 15),
                        rollup("ann", "events", 1, 2),
                        rollup("ann", "requests", 1, 2),
                        rollup("ann", "tokens_input", 10, 15),
                        rollup("ann", "tokens", 10, 15));
    }

    @Test
    default void wrong_time_of_a_level_is_named() {
        // Given
        var seats = LedgerCountingContract.SEATS;
        var event = LedgerSamples.at(
                START.plusSeconds(10), using(event(1, "ann", 0), seats.counted().meter(), 50));
        get(openEmpty().append(List.of(new Entry(event, List.of(Posting.set(seats, 50))))));
        damage("UPDATE window_sum SET level_time = level_time + 1000000");
        var coverage = new Everything(Set.of(seats.counted()), (_, _) -> true);
        long time = START.plusSeconds(10).toEpochMilli() * 1000;
        // When
        var told = told(coverage, START);
        // Then
        assertThat(told.differences())
                .containsExactly(new Difference.OfLevelTime(
                        ACME,
                        seats.text(),
                        new Difference.Whose(ACME.value(), Window.ENDLESS.start()),
                        time,
                        time + 1_000_000));
    }

    @Test
    default void sum_at_the_largest_number_is_right() {
        // Given
        var cost = new Counted(MeterKey.COST, Filter.ALL, Scope.SUBJECT, WindowSpec.parse("day"));
        var ledger = openEmpty();
        for (int i = 1; i <= 3; i++) {
            var event = costing(event(i, "ann", 1), Long.MAX_VALUE / 2);
            get(ledger.append(List.of(
                    new Entry(event, List.of(Posting.add(counter(cost, event), Long.MAX_VALUE / 2))))));
        }
        // When
        var told = told(new Everything(Set.of(cost), (_, _) -> true), START);
        // Then
        assertThat(told.differences()).isEmpty();
        assertThat(told.verification().sums()).isEqualTo(1);
    }

    @Test
    default void sum_that_the_events_do_not_determine_is_passed_over() {
        // Given
        append(event(1, "ann", 10), event(2, "bob", 5));
        damage("UPDATE window_sum SET used = used + 1");
        var coverage = new Everything(Set.of(TOKENS_A_DAY), (_, scopeValue) -> !scopeValue.equals("bob"));
        // When
        var told = told(coverage, START);
        // Then
        assertThat(told.differences()).containsExactly(sum("ann", 10, 11));
        assertThat(told.verification().sumsPassedOver()).isEqualTo(1);
    }

    @Test
    default void window_from_before_a_recount_is_passed_over() {
        // Given
        var ledger = append(event(1, "ann", 10));
        var tomorrow = TOKENS_A_DAY.window().at(TOMORROW, WindowCalendar.UTC);
        get(ledger.recount(List.of(new Recount(ACME, TOKENS_A_DAY, tomorrow))));
        damage("UPDATE window_sum SET used = used + 1");
        // When
        var told = told();
        // Then
        assertThat(told.differences()).isEmpty();
        assertThat(told.verification().sumsPassedOver()).isEqualTo(1);
    }

    @Test
    default void window_of_another_calendar_is_passed_over() {
        // Given
        append(event(1, "ann", 10));
        damage("UPDATE window_sum SET window_start = window_start + 3600000000");
        // When
        var told = told(Everything.TOKENS, TOMORROW);
        // Then
        assertThat(told.differences()).isEmpty();
        assertThat(told.verification().sumsPassedOver()).isEqualTo(1);
    }

    @Test
    default void rebuild_mends_everything_that_is_damaged_and_tells_it() {
        Seeds.forEach(5, random -> {
            // Given
            var samples = new LedgerSamples(random);
            var ledger = openEmpty();
            for (int i = 0; i < 20; i++) {
                get(ledger.append(List.of(samples.entry(), samples.entry(), samples.entry())));
            }
            damage("UPDATE usage_hour SET tokens = tokens + 1, cost = 0 WHERE hour % 3 = 0 OR subject = 'user-1'");
            damage("DELETE FROM usage_hour WHERE subject = 'user-2'");
            damage("UPDATE usage_hour SET model = 'nothing' WHERE provider = 'openai'");
            damage("UPDATE window_sum SET used = used + 5 WHERE scope_value = 'acme'");
            damage("UPDATE window_sum SET level_time = 1 WHERE level_time IS NOT NULL");
            damage("DELETE FROM window_sum WHERE scope_value = 'user-1' AND window_start > 0 AND window_end < 0");
            damage("UPDATE window_sum SET scope_value = 'nobody' WHERE scope_value = 'session-1'");
            var before = told(Everything.COUNTED, START);
            // When
            var mended = new ArrayList<Difference>();
            var rebuilt = audit().rebuild(Everything.COUNTED, START, mended::add);
            // Then
            assertThat(before.differences()).isNotEmpty();
            assertThat(mended).containsExactlyInAnyOrderElementsOf(before.differences());
            assertThat(rebuilt).isEqualTo(before.verification());
            assertThat(told(Everything.COUNTED, START).differences()).isEmpty();
            assertThat(audit().rebuild(Everything.COUNTED, START, mended::add).differences())
                    .isZero();
        });
    }

    @Test
    default void rebuild_of_what_is_lost_altogether_gives_the_rows_back() {
        // Given
        append(event(1, "ann", 10), event(2, "bob", 5));
        damage("DELETE FROM window_sum");
        damage("DELETE FROM usage_hour");
        // When
        audit().rebuild(Everything.TOKENS, START, _ -> {});
        // Then
        assertThat(told().differences()).isEmpty();
        assertThat(told().verification()).isEqualTo(new Verification(2, 2, 2, 0, 0));
    }

    /** What a comparison said. */
    record Told(Verification verification, List<Difference> differences) {}

    private Told told() {
        return told(Everything.TOKENS, START);
    }

    private Told told(Coverage coverage, Instant now) {
        var differences = new ArrayList<Difference>();
        var verification = audit().verify(coverage, now, differences::add);
        assertThat(verification.differences()).isEqualTo(differences.size());
        return new Told(verification, differences);
    }

    private Ledger append(UsageEvent... events) {
        var ledger = openEmpty();
        for (var event : events) {
            get(ledger.append(List.of(counting(event))));
        }
        return ledger;
    }

    private static UsageEvent event(long number, String subject, long tokens) {
        return LedgerSamples.plain(number, subject, tokens);
    }

    private static Entry counting(UsageEvent event) {
        return new Entry(
                event,
                List.of(Posting.add(
                        counter(TOKENS_A_DAY, event),
                        event.metered().amounts().quantities().tokens())));
    }

    private static CounterKey counter(Counted counted, UsageEvent event) {
        var whose = counted.scope().valueOf(event.call());
        assertThat(whose).isNotNull();
        return new CounterKey(
                ACME, counted, String.valueOf(whose), counted.window().at(event.time(), WindowCalendar.UTC));
    }

    private static UsageEvent costing(UsageEvent event, long picos) {
        return using(event, new Amounts(event.metered().amounts().quantities(), new Money(picos)));
    }

    private static UsageEvent using(UsageEvent event, MeterKey meter, long amount) {
        return using(event, new Amounts(Quantities.of(Map.of(meter, amount)), Money.ZERO));
    }

    private static UsageEvent using(UsageEvent event, Amounts amounts) {
        var metered = event.metered();
        return new UsageEvent(
                event.id(),
                event.time(),
                event.call(),
                new Metered(
                        amounts,
                        metered.tokens(),
                        metered.receipt(),
                        metered.evidence(),
                        metered.parts(),
                        metered.facts()),
                event.result(),
                event.metadata(),
                event.fingerprint());
    }

    private static Difference rollup(String subject, String sum, long expected, long found) {
        return new Difference.OfRollup(ACME, new Difference.Hour(START, subject, "", "", ""), sum, expected, found);
    }

    private static Difference sum(String subject, long expected, long found) {
        return new Difference.OfSum(ACME, TOKENS_A_DAY.text(), new Difference.Whose(subject, START), expected, found);
    }

    /** A calendar in UTC, and the same things counted for every organization. */
    record Everything(Set<Counted> things, BiPredicate<Counted, String> completeness) implements Coverage {
        public static final Everything TOKENS = new Everything(Set.of(TOKENS_A_DAY), (_, _) -> true);
        public static final Everything COUNTED = new Everything(Set.copyOf(LedgerSamples.COUNTED), (_, _) -> true);

        @Override
        public Set<Counted> counted(OrganizationKey organization) {
            return things;
        }

        @Override
        public Window window(OrganizationKey organization, Counted counted, Instant at) {
            return counted.window().at(at, WindowCalendar.UTC);
        }

        @Override
        public boolean complete(OrganizationKey organization, Counted counted, String scopeValue) {
            return completeness.test(counted, scopeValue);
        }
    }
}
