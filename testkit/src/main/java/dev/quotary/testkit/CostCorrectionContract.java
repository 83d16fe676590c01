package dev.quotary.testkit;

import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerSamples.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.ledger.Audit;
import dev.quotary.ledger.Correction;
import dev.quotary.ledger.Corrections;
import dev.quotary.ledger.Corrections.Place;
import dev.quotary.ledger.Corrections.Query;
import dev.quotary.ledger.Corrections.Recorded;
import dev.quotary.ledger.CostBasis;
import dev.quotary.ledger.CostFacts;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.money.Money;
import dev.quotary.time.WindowCalendar;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What every ledger promises that corrects costs: rollups and sums go with the corrections, whatever is recorded or set back meanwhile. */
public interface CostCorrectionContract {
    /** A ledger over storage of its own, which is empty; {@link #audit} is for the last one. */
    Ledger openEmpty();

    Audit audit();

    /** Does something to the storage that no code of ours does. */
    void damage(String sql);

    /** A calendar month behind the samples, so that everything that they post counts or has counted. */
    Instant NOW = LedgerSamples.START.plus(Duration.ofDays(40));

    @Test
    default void corrected_costs_are_in_rollups_and_sums() {
        Seeds.forEach(6, random -> {
            // Given
            var samples = new LedgerSamples(random);
            var ledger = openEmpty();
            var corrections = (Corrections) ledger;
            var costs = new HashMap<UsageEvent, Metered>();
            for (int i = 0; i < 30; i++) {
                var entry = LedgerSamples.entry(samples.event(ACME));
                get(ledger.append(List.of(entry)));
                costs.put(entry.event(), entry.event().metered());
            }
            // When
            for (int round = 0; round < 5; round++) {
                var batch = new ArrayList<Correction>();
                for (var cost : costs.entrySet()) {
                    if (random.nextInt(3) == 0) {
                        batch.add(correction(cost.getKey(), cost.getValue(), metered(random, cost.getValue())));
                    }
                }
                if (!batch.isEmpty()) {
                    assertThat(get(corrections.correct(batch))).containsOnly(true);
                    batch.forEach(made -> costs.keySet().stream()
                            .filter(event -> event.id().equals(made.event()))
                            .findFirst()
                            .ifPresent(event -> costs.put(event, made.after())));
                }
                get(ledger.append(List.of(entryOf(samples, costs))));
            }
            // Then
            assertThat(differences()).isEmpty();
            var found = events(corrections);
            assertThat(found).hasSize(costs.size());
            found.forEach(recorded -> assertThat(recorded.metered()).isEqualTo(costs.get(recorded.event())));
        });
    }

    private static Entry entryOf(LedgerSamples samples, Map<UsageEvent, Metered> costs) {
        var entry = LedgerSamples.entry(samples.event(ACME));
        costs.put(entry.event(), entry.event().metered());
        return entry;
    }

    @Test
    default void correction_of_another_cost_than_the_present_one_changes_nothing() {
        // Given
        var ledger = openEmpty();
        var corrections = (Corrections) ledger;
        var event = costing(1, 100);
        get(ledger.append(List.of(LedgerSamples.entry(event))));
        var cheaper = correction(event, event.metered(), costing(event.metered(), 40));
        // When
        var first = get(corrections.correct(List.of(cheaper)));
        var again = get(corrections.correct(List.of(cheaper)));
        var unknown = get(corrections.correct(
                List.of(correction(costing(2, 100), event.metered(), costing(event.metered(), 1)))));
        // Then
        assertThat(first).containsExactly(true);
        assertThat(again).containsExactly(false);
        assertThat(unknown).containsExactly(false);
        var made = get(corrections.corrections(ACME, event.id()));
        assertThat(made).hasSize(1);
        assertThat(made.getFirst().before()).isEqualTo(new Money(100));
        assertThat(made.getFirst().after()).isEqualTo(cheaper.after());
        assertThat(made.getFirst().by()).isEqualTo("key_1");
        assertThat(made.getFirst().reason()).isEqualTo("it's wrong");
        assertThat(get(ledger.find(ACME, event.id()))
                        .orElseThrow()
                        .metered()
                        .amounts()
                        .cost())
                .isEqualTo(new Money(100));
        assertThat(differences()).isEmpty();
    }

    @Test
    default void event_that_had_no_price_gets_a_sum() {
        // Given
        var ledger = openEmpty();
        var event = costing(1, 0);
        get(ledger.append(List.of(LedgerSamples.entry(event))));
        get(ledger.append(List.of(LedgerSamples.entry(costing(2, 7)))));
        // When
        get(((Corrections) ledger).correct(List.of(correction(event, event.metered(), costing(event.metered(), 50)))));
        // Then
        var counter = counters(event).iterator().next().key();
        assertThat(get(ledger.sum(counter))).isEqualTo(57);
        assertThat(differences()).isEmpty();
    }

    @Test
    default void use_that_was_set_back_and_then_corrected_downwards_stays_what_the_entries_make_it() {
        // Given
        var ledger = openEmpty();
        var event = costing(1, 100);
        get(ledger.append(List.of(LedgerSamples.entry(event))));
        var counter = counters(event).iterator().next().key();
        get(ledger.reset(List.of(counter), NOW, "key_1"));
        // When
        get(((Corrections) ledger).correct(List.of(correction(event, event.metered(), costing(event.metered(), 40)))));
        get(ledger.append(List.of(LedgerSamples.entry(costing(2, 25)))));
        // Then
        assertThat(get(ledger.sum(counter))).isEqualTo(25);
        assertThat(differences()).isEmpty();
        assertThat(get(ledger.resets(ACME, counter.scopeValue()))).hasSize(1);
    }

    @Test
    default void rebuild_goes_by_the_corrections() {
        // Given
        var ledger = openEmpty();
        var event = costing(1, 100);
        get(ledger.append(List.of(LedgerSamples.entry(event))));
        get(((Corrections) ledger).correct(List.of(correction(event, event.metered(), costing(event.metered(), 40)))));
        damage("UPDATE usage_hour SET cost = 100");
        damage("UPDATE window_sum SET used = 100 WHERE counted LIKE 'cost%'");
        // When
        var told = new ArrayList<Difference>();
        try (var audit = audit()) {
            audit.rebuild(AuditContract.Everything.COUNTED, NOW, told::add);
        }
        // Then
        assertThat(told).isNotEmpty();
        assertThat(differences()).isEmpty();
        assertThat(get(ledger.sum(counters(event).iterator().next().key()))).isEqualTo(40);
    }

    @Test
    default void events_are_shown_in_the_order_of_their_times_as_far_as_they_match() {
        Seeds.forEach(3, random -> {
            // Given
            var samples = new LedgerSamples(random);
            var ledger = openEmpty();
            var all = new ArrayList<UsageEvent>();
            for (int i = 0; i < 40; i++) {
                var event = samples.event(ACME);
                all.add(event);
                get(ledger.append(List.of(LedgerSamples.entry(event))));
            }
            var from = LedgerSamples.START.plus(Duration.ofDays(5));
            var until = LedgerSamples.START.plus(Duration.ofDays(25));
            // When
            var found = new ArrayList<UsageEvent>();
            var place = Place.START;
            List<Recorded> page;
            do {
                page = get(((Corrections) ledger)
                        .events(new Query(ACME, from, until, Optional.of("openai"), Optional.of("gpt-*"), place, 3)));
                page.forEach(recorded -> found.add(recorded.event()));
                place = page.isEmpty() ? place : page.getLast().place();
            } while (!page.isEmpty());
            // Then
            assertThat(found)
                    .containsExactlyElementsOf(all.stream()
                            .filter(event -> !event.time().isBefore(from)
                                    && event.time().isBefore(until)
                                    && "openai".equals(event.call().dimensions().provider())
                                    && String.valueOf(event.call().dimensions().model())
                                            .startsWith("gpt-"))
                            .sorted(Comparator.comparing(UsageEvent::time))
                            .toList());
        });
    }

    private static List<Recorded> events(Corrections corrections) {
        return get(corrections.events(new Query(
                ACME,
                LedgerSamples.START,
                NOW,
                Optional.empty(),
                Optional.empty(),
                Place.START,
                Corrections.BATCH_MAX)));
    }

    private List<Difference> differences() {
        var told = new ArrayList<Difference>();
        try (var audit = audit()) {
            audit.verify(AuditContract.Everything.COUNTED, NOW, told::add);
        }
        return told;
    }

    /** The same use, at a random cost or at the same one with its receipt. */
    private static Metered metered(RandomGenerator random, Metered before) {
        return random.nextBoolean()
                ? costing(before, random.nextLong(1L << 40))
                : new Metered(
                        new Amounts(
                                before.amounts().quantities(), before.amounts().cost()),
                        before.tokens(),
                        before.receipt(),
                        before.evidence(),
                        before.parts(),
                        CostFacts.of(CostBasis.BOOK));
    }

    private static Metered costing(Metered before, long picos) {
        return new Metered(
                new Amounts(before.amounts().quantities(), new Money(picos)),
                before.tokens(),
                Optional.empty(),
                before.evidence(),
                before.parts(),
                CostFacts.of(CostBasis.BOOK));
    }

    /** An event of the organization's counter of cost at OpenAI. */
    private static UsageEvent costing(long number, long picos) {
        var plain = LedgerSamples.plain(number, "ann", 10);
        var call = new Call(
                ACME, plain.call().subject(), null, new Dimensions("openai", "gpt-5", null, null, null, Map.of()));
        return new UsageEvent(
                plain.id(),
                plain.time(),
                call,
                costing(plain.metered(), picos),
                plain.result(),
                plain.metadata(),
                plain.fingerprint());
    }

    private static Correction correction(UsageEvent event, Metered before, Metered after) {
        return new Correction(
                ACME, event.id(), NOW, "key_1", "it's wrong", before.amounts().cost(), after, counters(event));
    }

    private static Set<Correction.Counter> counters(UsageEvent event) {
        var counters = new HashSet<Correction.Counter>();
        for (var counted : LedgerSamples.COUNTED) {
            var scopeValue = counted.scope().valueOf(event.call());
            if (counted.meter().equals(MeterKey.COST)
                    && scopeValue != null
                    && counted.filter().matches(event.call().dimensions())) {
                var window = counted.window().at(event.time(), WindowCalendar.UTC);
                counters.add(new Correction.Counter(new CounterKey(ACME, counted, scopeValue, window), true));
            }
        }
        return counters;
    }
}
