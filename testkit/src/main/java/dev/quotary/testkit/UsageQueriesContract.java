package dev.quotary.testkit;

import static dev.quotary.testkit.LedgerSamples.ACME;
import static dev.quotary.testkit.LedgerSamples.START;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.EventQuery;
import dev.quotary.analytics.EventSearch;
import dev.quotary.analytics.Granularity;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.Series;
import dev.quotary.analytics.UsageQueries;
import dev.quotary.analytics.Value;
import dev.quotary.ledger.Correction;
import dev.quotary.ledger.Corrections;
import dev.quotary.ledger.Corrections.Place;
import dev.quotary.ledger.CostFacts;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.meter.Amounts;
import dev.quotary.money.Money;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What every answerer of questions promises: what {@link UsageModel} says in the plainest way, from all events in memory. Questions are
 * drawn at random over seeded histories, with corrections of costs among them.
 */
public interface UsageQueriesContract {
    /** A ledger over storage of its own, which is empty; the other methods are for the last one. */
    Ledger openEmpty();

    UsageQueries queries();

    EventSearch search();

    /** Brings whatever is summed up beside the ledger up to an instant, as a server does from time to time. */
    void sumUp(Instant until);

    Instant END = START.plus(Duration.ofDays(31));
    List<Dimension> DIMENSIONS = List.of(
            BuiltIn.SUBJECT,
            BuiltIn.PROVIDER,
            BuiltIn.MODEL,
            BuiltIn.FEATURE,
            BuiltIn.SESSION,
            BuiltIn.WORKFLOW,
            BuiltIn.API_KEY,
            BuiltIn.OUTCOME,
            new Dimension.Declared("team"),
            new Dimension.Declared("region = %3D"));

    @Test
    default void answers_are_those_of_the_events_in_memory() {
        Seeds.forEach(6, random -> {
            // Given
            var ledger = openEmpty();
            var samples = new LedgerSamples(random);
            var events = new ArrayList<UsageEvent>();
            for (int round = 0; round < 4; round++) {
                record(ledger, samples, events);
                correctSome(ledger, random, events);
                sumUp(START.plus(Duration.ofHours(random.nextLong(31 * 24))));
            }
            var model = new UsageModel(events);
            for (int i = 0; i < 40; i++) {
                var question = question(random);
                // When
                var answer = get(queries().ask(question));
                // Then
                assertThat(answer).as(question.toString()).isEqualTo(model.answer(question));
            }
        });
    }

    private static void record(Ledger ledger, LedgerSamples samples, List<UsageEvent> events) {
        var batch = new ArrayList<Entry>();
        for (int i = 0; i < 120; i++) {
            batch.add(samples.entry());
        }
        get(ledger.append(batch));
        batch.forEach(entry -> events.add(entry.event()));
    }

    private static void correctSome(Ledger ledger, RandomGenerator random, List<UsageEvent> events) {
        for (int i = 0; i < events.size(); i++) {
            if (random.nextInt(20) == 0) {
                var before = events.get(i);
                var after = costing(before, random.nextLong(1L << 40));
                var correction = new Correction(
                        before.call().organization(),
                        before.id(),
                        END,
                        "key_1",
                        "",
                        before.metered().amounts().cost(),
                        after.metered(),
                        Set.of());
                assertThat(get(((Corrections) ledger).correct(List.of(correction))))
                        .containsExactly(true);
                events.set(i, after);
            }
        }
    }

    private static UsageEvent costing(UsageEvent event, long picos) {
        var metered = event.metered();
        var corrected = new Metered(
                new Amounts(metered.amounts().quantities(), new Money(picos)),
                metered.tokens(),
                Optional.empty(),
                metered.evidence(),
                metered.parts(),
                CostFacts.UNTOLD);
        return new UsageEvent(
                event.id(),
                event.time(),
                event.call(),
                corrected,
                event.result(),
                event.estimate(),
                event.metadata(),
                event.fingerprint());
    }

    private static Question question(RandomGenerator random) {
        boolean rolledUp = random.nextBoolean();
        var granularity = pick(random, List.of(Granularity.values()));
        var zone = ZoneId.of(pick(random, List.of("UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns")));
        var measures = measures(random, rolledUp);
        var question = Question.of(ACME, range(random, granularity), measures).by(granularity, zone);
        var groupBy = dimensions(random, rolledUp, random.nextInt(3));
        if (!groupBy.isEmpty()) {
            question = question.by(groupBy, 1 + random.nextInt(8));
        }
        var conditions = dimensions(random, rolledUp, random.nextInt(3)).stream()
                .map(dimension -> condition(random, dimension))
                .toList();
        question = question.where(conditions);
        return random.nextInt(3) == 0 ? question.withPrevious() : question;
    }

    /** Cost comes first: groups are hardly ever equal in it, so that there is one right order. */
    private static List<Measure> measures(RandomGenerator random, boolean rolledUp) {
        var measures = new ArrayList<Measure>(List.of(Measure.COST));
        for (var measure : Measure.values()) {
            boolean known = measure.kind() == Measure.Kind.SUM
                    || measure == Measure.SUBJECTS
                    || (measure.kind() == Measure.Kind.MEAN && measure != Measure.SESSION_LENGTH);
            if (measure != Measure.COST && (known || !rolledUp) && random.nextInt(4) == 0) {
                measures.add(measure);
            }
        }
        return measures;
    }

    private static Range range(RandomGenerator random, Granularity granularity) {
        long most = granularity == Granularity.MINUTE ? 600 : 31 * 24 * 60;
        long from = random.nextLong(31 * 24 * 60 - 60);
        long minutes = 1 + random.nextLong(most);
        if (granularity != Granularity.MINUTE && random.nextInt(3) == 0) {
            return new Range(START, END);
        }
        return new Range(
                START.plus(Duration.ofMinutes(from)).plusNanos(random.nextLong(60_000_000_000L)),
                START.plus(Duration.ofMinutes(from + minutes + 1)));
    }

    private static List<Dimension> dimensions(RandomGenerator random, boolean rolledUp, int count) {
        var picked = new ArrayList<Dimension>();
        while (picked.size() < count) {
            var dimension = DIMENSIONS.get(random.nextInt(rolledUp ? 4 : DIMENSIONS.size()));
            if (!picked.contains(dimension)) {
                picked.add(dimension);
            }
        }
        return picked;
    }

    private static Condition condition(RandomGenerator random, Dimension dimension) {
        var values = List.of(
                "user-1",
                "user-*",
                "用户",
                "gpt-5",
                "gpt-*",
                "größe-*",
                "openai",
                "o*",
                "chat",
                "session-1",
                "%",
                "",
                "*",
                "workflow 2",
                "key_1",
                "error",
                "success",
                "red*",
                "red %=| team",
                "blue",
                "eu west\n%25 ");
        var patterns = new ArrayList<String>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            patterns.add(values.get(random.nextInt(values.size())));
        }
        return new Condition(dimension, patterns);
    }

    @Test
    default void subjects_that_cost_most_in_a_month_are_found_however_much_of_it_is_summed_up() {
        Seeds.forEach(4, random -> {
            // Given
            var ledger = openEmpty();
            var events = new ArrayList<UsageEvent>();
            for (int round = 0; round < 6; round++) {
                var batch = new ArrayList<Entry>();
                for (int i = 0; i < 40; i++) {
                    var at = START.plus(Duration.ofMinutes(random.nextLong(31 * 24 * 60)));
                    var plain = LedgerSamples.plain(1 + events.size(), "user-" + random.nextInt(12), 1);
                    // Costs are few, so that many subjects cost the same.
                    var event = costing(LedgerSamples.at(at, plain), random.nextLong(3));
                    events.add(event);
                    batch.add(new Entry(event, List.of()));
                }
                get(ledger.append(batch));
                sumUp(START.plus(Duration.ofHours(random.nextLong(32 * 24))));
                for (int top = 1; top < 14; top++) {
                    var until = START.plus(Duration.ofMinutes(1 + random.nextLong(31 * 24 * 60)));
                    var question = Question.of(ACME, new Range(START, until), List.of(Measure.COST, Measure.ERRORS))
                            .by(List.of(BuiltIn.SUBJECT), top)
                            .by(pick(random, List.of(Granularity.TOTAL, Granularity.DAY)), ZoneId.of("UTC"));
                    // When
                    var answer = get(queries().ask(question));
                    // Then
                    assertThat(answer).as(question.toString()).isEqualTo(new UsageModel(events).answer(question));
                }
            }
        });
    }

    @Test
    default void answer_about_nothing_is_zero() {
        // Given
        var _ = openEmpty();
        var question =
                Question.of(ACME, new Range(START, END), List.of(Measure.COST, Measure.LATENCY, Measure.SUBJECTS));

        // When
        var alone = get(queries().ask(question));
        var grouped = get(queries().ask(question.by(List.of(BuiltIn.MODEL), 5)));

        // Then
        var buckets = List.of(new Range(START, END));
        var nothing =
                new Series(new Series.Group.Of(List.of()), List.of(Value.of(0), Value.NOTHING, Value.of(0)), List.of());
        assertThat(alone).isEqualTo(new Answer.Told(buckets, List.of(nothing), Optional.empty()));
        assertThat(grouped).isEqualTo(new Answer.Told(buckets, List.of(), Optional.empty()));
    }

    @Test
    default void event_is_told_as_soon_as_it_is_acknowledged() {
        // Given
        var ledger = openEmpty();
        var question = Question.of(ACME, new Range(START, END), List.of(Measure.TOKENS));
        for (int i = 1; i <= 50; i++) {
            // When
            get(ledger.append(List.of(new Entry(LedgerSamples.plain(i, "ann", 10), List.of()))));
            // Then
            var told = (Answer.Told) get(queries().ask(question));
            assertThat(told.series().getFirst().totals()).containsExactly(Value.of(10L * i));
        }
    }

    @Test
    default void groups_that_are_equal_are_told_in_the_order_of_their_names() {
        // Given
        var ledger = openEmpty();
        for (int i = 1; i <= 5; i++) {
            get(ledger.append(List.of(new Entry(LedgerSamples.plain(i, "user-" + (6 - i), 10), List.of()))));
        }
        var question = Question.of(ACME, new Range(START, END), List.of(Measure.TOKENS))
                .by(List.of(BuiltIn.SUBJECT), 3);
        // When
        var told = (Answer.Told) get(queries().ask(question));
        // Then
        assertThat(told.series().stream().map(Series::group))
                .containsExactly(
                        new Series.Group.Of(List.of("user-1")),
                        new Series.Group.Of(List.of("user-2")),
                        new Series.Group.Of(List.of("user-3")),
                        new Series.Group.Others());
        assertThat(told.series().getLast().totals()).containsExactly(Value.of(20));
    }

    @Test
    default void pages_show_every_matching_event_once_from_the_newest_to_the_oldest() {
        Seeds.forEach(3, random -> {
            // Given
            var ledger = openEmpty();
            var samples = new LedgerSamples(random);
            var events = new ArrayList<UsageEvent>();
            record(ledger, samples, events);
            correctSome(ledger, random, events);
            for (int i = 0; i < 12; i++) {
                var conditions = dimensions(random, false, random.nextInt(3)).stream()
                        .map(dimension -> condition(random, dimension))
                        .toList();
                var range = range(random, Granularity.TOTAL);
                // When
                var found = new ArrayList<UsageEvent>();
                Optional<Place> place = Optional.empty();
                do {
                    var page = get(search().page(new EventQuery(ACME, range, conditions, place, 7)));
                    page.events().forEach(each -> found.add(with(each.event(), each.metered())));
                    place = page.next();
                } while (place.isPresent());
                // Then
                var expected = events.stream()
                        .filter(event -> event.call().organization().equals(ACME) && range.contains(event.time()))
                        .filter(event -> conditions.stream().allMatch(each -> UsageModel.meets(event, each)))
                        .sorted(Comparator.comparing(UsageEvent::time).reversed())
                        .map(UsageEvent::id)
                        .toList();
                assertThat(found.stream().map(UsageEvent::id)).containsExactlyElementsOf(expected);
                found.forEach(event -> assertThat(event.metered().amounts())
                        .isEqualTo(events.stream()
                                .filter(each -> each.id().equals(event.id()))
                                .findFirst()
                                .orElseThrow()
                                .metered()
                                .amounts()));
            }
        });
    }

    @Test
    default void events_of_one_instant_are_told_apart_by_their_place() {
        // Given
        var ledger = openEmpty();
        for (int i = 1; i <= 9; i++) {
            get(ledger.append(List.of(new Entry(LedgerSamples.plain(i, "ann", i), List.of()))));
        }
        var range = new Range(START, START.plusNanos(1_000));
        // When
        var first = get(search().page(new EventQuery(ACME, range, List.of(), Optional.empty(), 5)));
        var second = get(search().page(new EventQuery(ACME, range, List.of(), first.next(), 5)));
        // Then
        assertThat(first.events().stream().map(each -> each.event().id().low())).containsExactly(9L, 8L, 7L, 6L, 5L);
        assertThat(second.events().stream().map(each -> each.event().id().low()))
                .containsExactly(4L, 3L, 2L, 1L);
        assertThat(second.next()).isEmpty();
    }

    private static <T> T pick(RandomGenerator random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static UsageEvent with(UsageEvent event, Metered metered) {
        return new UsageEvent(
                event.id(),
                event.time(),
                event.call(),
                metered,
                event.result(),
                event.estimate(),
                event.metadata(),
                event.fingerprint());
    }

    private static <T> T get(CompletionStage<T> stage) {
        return requireNonNull(
                stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join());
    }
}
