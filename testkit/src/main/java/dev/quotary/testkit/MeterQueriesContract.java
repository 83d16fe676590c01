package dev.quotary.testkit;

import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerSamples.ACME;
import static dev.quotary.testkit.LedgerSamples.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.Granularity;
import dev.quotary.analytics.MeterQueries;
import dev.quotary.analytics.MeterQuestion;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.Series;
import dev.quotary.analytics.Value;
import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.EventId;
import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.meter.Aggregation;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.TokenUsage;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What every {@link MeterQueries} answers: the same as going through all events one by one. */
public interface MeterQueriesContract {
    MeterKey WORDS = new MeterKey("words");
    MeterKey OTHER = new MeterKey("other");

    /** A ledger over storage of its own, which is empty. */
    Ledger openEmpty();

    /** Over the storage of the last ledger. */
    MeterQueries queries();

    /**
     * An event as the model knows it.
     *
     * @param level whether its amount was reported as a level
     */
    record Event(long number, long micros, String subject, Dimensions dimensions, long amount, boolean level) {
        Entry entry() {
            var call = new Call(ACME, subject.isEmpty() ? null : new SubjectKey(subject), null, dimensions);
            var amounts = Map.of(WORDS, amount, OTHER, 1L);
            var metered = new Metered(
                    new Amounts(Quantities.of(amounts), Money.ZERO),
                    TokenUsage.NONE,
                    Optional.empty(),
                    Evidence.REPORTED);
            var time = START.plusNanos(micros * 1_000);
            var event = new UsageEvent(new EventId(number, number), time, call, metered, Result.SUCCESS, "", number);
            return new Entry(event, List.of(), level ? Set.of(WORDS) : Set.of());
        }

        String of(Dimension dimension) {
            return dimension == BuiltIn.SUBJECT
                    ? subject
                    : Objects.requireNonNullElse(dimensions.of(dimension.key()), "");
        }

        boolean in(Range range) {
            return range.contains(START.plusNanos(micros * 1_000));
        }
    }

    private static Event event(RandomGenerator random, long number) {
        var others = new HashMap<String, String>();
        if (random.nextInt(4) > 0) {
            others.put("team", random.nextBoolean() ? "red team" : "blue=1");
        }
        if (random.nextInt(5) > 0) {
            others.put(WORDS.value(), "v" + random.nextInt(6));
        }
        var dimensions = new Dimensions(
                null,
                random.nextInt(4) == 0 ? null : "m" + random.nextInt(3),
                null,
                "s" + random.nextInt(3),
                null,
                others);
        // Some at the beginning of an hour, some at the same instant.
        long micros = random.nextLong(72 * 60) * 60_000_000L + (random.nextBoolean() ? 0 : random.nextLong(60_000_000));
        return new Event(
                number,
                micros,
                random.nextInt(5) == 0 ? "" : "u" + random.nextInt(3),
                dimensions,
                random.nextLong(9),
                true);
    }

    private static MeterQuestion question(RandomGenerator random) {
        var from = START.plus(Duration.ofMinutes(random.nextLong(70 * 60)));
        from = random.nextBoolean() ? from : from.truncatedTo(ChronoUnit.HOURS);
        var range = new Range(from, from.plus(Duration.ofMinutes(30 + random.nextLong(40 * 60))));
        var zones = List.of(ZoneOffset.UTC, ZoneId.of("Europe/Berlin"), ZoneId.of("Asia/Kolkata"));
        var granularities =
                List.of(Granularity.TOTAL, Granularity.MINUTE, Granularity.HOUR, Granularity.DAY, Granularity.MONTH);
        List<Dimension> dimensions =
                List.of(BuiltIn.SUBJECT, BuiltIn.MODEL, new Dimension.Declared("team"), BuiltIn.SESSION);
        var groupBy = new ArrayList<Dimension>();
        var conditions = new ArrayList<Condition>();
        for (var dimension : dimensions) {
            if (random.nextInt(dimension == BuiltIn.SESSION ? 8 : 3) == 0) {
                groupBy.add(dimension);
            }
        }
        if (random.nextInt(3) == 0) {
            conditions.add(new Condition(BuiltIn.SUBJECT, random.nextBoolean() ? List.of("u1") : List.of("u0", "")));
        }
        if (random.nextInt(3) == 0) {
            conditions.add(new Condition(BuiltIn.MODEL, List.of(random.nextBoolean() ? "m*" : "m1")));
        }
        return MeterQuestion.of(
                        ACME,
                        WORDS,
                        List.of(Aggregation.values()).get(random.nextInt(Aggregation.values().length)),
                        range)
                .by(granularities.get(random.nextInt(granularities.size())), zones.get(random.nextInt(zones.size())))
                .where(conditions)
                .by(groupBy, 1_000);
    }

    /** What an aggregation makes of some events. */
    private static Value value(Aggregation aggregation, List<Event> events) {
        var amounts = events.stream().mapToLong(Event::amount);
        return switch (aggregation) {
            case SUM, COUNT -> Value.of(amounts.sum());
            case MIN ->
                events.isEmpty() ? Value.NOTHING : Value.of(amounts.min().orElseThrow());
            case MAX ->
                events.isEmpty() ? Value.NOTHING : Value.of(amounts.max().orElseThrow());
            case AVG -> Value.of(amounts.sum(), events.size());
            case UNIQUE -> {
                var values = new HashSet<String>();
                events.forEach(
                        event -> Optional.ofNullable(event.dimensions().others().get(WORDS.value()))
                                .ifPresent(values::add));
                yield Value.of(values.size());
            }
            case LATEST ->
                events.stream()
                        .max(Comparator.comparingLong(Event::micros).thenComparingLong(Event::number))
                        .map(event -> Value.of(event.amount()))
                        .orElse(Value.NOTHING);
        };
    }

    private static Map<List<String>, Map<Integer, Value>> expected(MeterQuestion question, List<Event> events) {
        var buckets = question.granularity().buckets(question.range(), question.zone());
        var of = new LinkedHashMap<List<String>, Map<Integer, List<Event>>>();
        for (var event : events) {
            boolean meant = question.conditions().stream()
                    .allMatch(condition -> condition.matches(event.of(condition.dimension())));
            boolean counted = question.aggregation() != Aggregation.UNIQUE
                    || event.dimensions().others().containsKey(WORDS.value());
            for (int i = 0; i < buckets.size(); i++) {
                if (meant && counted && event.in(buckets.get(i))) {
                    var group = question.groupBy().stream().map(event::of).toList();
                    of.computeIfAbsent(group, _ -> new HashMap<>())
                            .computeIfAbsent(i, _ -> new ArrayList<>())
                            .add(event);
                }
            }
        }
        var values = new HashMap<List<String>, Map<Integer, Value>>();
        of.forEach((group, cells) -> {
            var all = new ArrayList<Event>();
            cells.values().forEach(all::addAll);
            var told = new HashMap<Integer, Value>();
            cells.forEach((bucket, some) -> told.put(bucket, value(question.aggregation(), some)));
            told.put(-1, value(question.aggregation(), all));
            values.put(group, told);
        });
        return values;
    }

    /** By group and bucket; the total under -1. */
    private static Map<List<String>, Map<Integer, Value>> told(Answer.Told answer) {
        var values = new HashMap<List<String>, Map<Integer, Value>>();
        for (var series : answer.series()) {
            assertThat(series.group()).isInstanceOf(Series.Group.Of.class);
            var told = new HashMap<Integer, Value>();
            series.cells().forEach(cell -> told.put(cell.bucket(), cell.values().getFirst()));
            told.put(-1, series.totals().getFirst());
            values.put(((Series.Group.Of) series.group()).values(), told);
        }
        return values;
    }

    @Test
    default void answers_are_what_the_events_say_one_by_one() {
        Seeds.forEach(4, random -> {
            // Given
            var ledger = openEmpty();
            var events = new ArrayList<Event>();
            var times = new HashSet<Long>();
            for (int i = 1; i <= 120; i++) {
                var event = event(random, i);
                // Reports of levels at the same instant stand in no order that is told.
                if (times.add(event.micros())) {
                    events.add(event);
                }
            }
            for (var event : events) {
                get(ledger.append(List.of(event.entry())));
            }
            for (int i = 0; i < 60; i++) {
                var question = question(random);
                // When
                var answer = get(queries().ask(question));
                // Then
                assertThat(answer).isInstanceOf(Answer.Told.class);
                var expected = expected(question, events);
                if (expected.isEmpty() && question.groupBy().isEmpty()) {
                    expected.put(List.of(), Map.of(-1, value(question.aggregation(), List.of())));
                }
                assertThat(told((Answer.Told) answer)).as(question.toString()).isEqualTo(expected);
            }
        });
    }

    private static Event word(long number, long minute, String subject, long amount) {
        return new Event(number, minute * 60_000_000L, subject, Dimensions.NONE, amount, false);
    }

    private void record(Event... events) {
        var ledger = openEmpty();
        for (var event : events) {
            get(ledger.append(List.of(event.entry())));
        }
    }

    private static MeterQuestion sum() {
        return MeterQuestion.of(ACME, WORDS, Aggregation.SUM, new Range(START, START.plus(Duration.ofDays(1))));
    }

    @Test
    default void greatest_groups_come_first_and_the_others_together() {
        // Given
        record(word(1, 5, "a", 3), word(2, 6, "b", 9), word(3, 7, "c", 4), word(4, 70, "a", 2), word(5, 80, "d", 1));
        // When
        var answer = (Answer.Told) get(queries().ask(sum().by(List.of(BuiltIn.SUBJECT), 2)));
        // Then
        assertThat(answer.series())
                .containsExactly(
                        series(new Series.Group.Of(List.of("b")), 9),
                        series(new Series.Group.Of(List.of("a")), 5),
                        series(new Series.Group.Others(), 5));
    }

    private static Series series(Series.Group group, long total) {
        return new Series(group, List.of(Value.of(total)), List.of(new Series.Cell(0, List.of(Value.of(total)))));
    }

    @Test
    default void what_a_reservation_adds_to_a_level_is_no_report_of_it() {
        // Given
        record(word(1, 5, "a", 3));
        // When
        var answer = (Answer.Told) get(queries().ask(MeterQuestion.of(ACME, WORDS, Aggregation.LATEST, sum().range())));
        // Then
        assertThat(answer.series().getFirst().totals()).containsExactly(Value.NOTHING);
    }

    @Test
    default void meter_that_nobody_has_used_is_nothing() {
        // Given
        record(word(1, 5, "a", 3));
        // When
        var answer = (Answer.Told)
                get(queries().ask(MeterQuestion.of(ACME, new MeterKey("nobodys"), Aggregation.COUNT, sum().range())));
        // Then
        assertThat(answer.series()).hasSize(1);
        assertThat(answer.series().getFirst().totals()).containsExactly(Value.of(0));
    }
}
