package dev.quotary.testkit;

import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.Series;
import dev.quotary.analytics.Series.Cell;
import dev.quotary.analytics.Series.Group;
import dev.quotary.analytics.Value;
import dev.quotary.ledger.Outcome;
import dev.quotary.ledger.UsageEvent;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers questions in the plainest way, from all events in memory, each as it costs now. */
public final class UsageModel {
    private final List<UsageEvent> events;

    public UsageModel(List<UsageEvent> events) {
        this.events = List.copyOf(events);
    }

    public Answer answer(Question question) {
        var current = matching(question, question.range());
        var groups = groups(question, current);
        boolean others = groups.size() > question.top();
        var top = others ? List.copyOf(groups.subList(0, question.top())) : groups;
        var previous = question.previous()
                ? Optional.of(told(question, question.range().previous(question.zone()), top, others))
                : Optional.<Answer.Told>empty();
        var told = told(question, question.range(), top, others);
        return new Answer.Told(told.buckets(), told.series(), previous);
    }

    private List<UsageEvent> matching(Question question, Range range) {
        return events.stream()
                .filter(event -> event.call().organization().equals(question.organization()))
                .filter(event -> range.contains(event.time()))
                .filter(event -> question.conditions().stream()
                        .allMatch(condition -> condition.matches(value(event, condition.dimension()))))
                .toList();
    }

    /** Whether an event meets a condition. */
    public static boolean meets(UsageEvent event, Condition condition) {
        return condition.matches(value(event, condition.dimension()));
    }

    private static String value(UsageEvent event, Dimension dimension) {
        var call = event.call();
        @Nullable String value = switch (dimension) {
            case BuiltIn.SUBJECT -> Objects.toString(call.subject(), null);
            case BuiltIn.API_KEY -> Objects.toString(call.key(), null);
            case BuiltIn.OUTCOME -> event.result().outcome().key();
            default -> call.dimensions().of(dimension.key());
        };
        return value == null ? "" : value;
    }

    private static List<String> group(Question question, UsageEvent event) {
        return question.groupBy().stream()
                .map(dimension -> value(event, dimension))
                .toList();
    }

    private List<List<String>> groups(Question question, List<UsageEvent> matching) {
        if (question.groupBy().isEmpty()) {
            return List.of(List.of());
        }
        var byGroup = matching.stream().collect(Collectors.groupingBy(event -> group(question, event)));
        return byGroup.entrySet().stream()
                .sorted(Comparator.comparing(
                                (Map.Entry<List<String>, List<UsageEvent>> entry) -> rank(question, entry.getValue()))
                        .reversed()
                        .thenComparing(Map.Entry::getKey, UsageModel::compare))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Value by value: a name comes before longer ones that begin with it. */
    private static int compare(List<String> one, List<String> other) {
        for (int i = 0; i < one.size(); i++) {
            int order = one.get(i).compareTo(other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static BigInteger rank(Question question, List<UsageEvent> of) {
        var first = question.measures().getFirst();
        return switch (first.kind()) {
            case SUM, DISTINCT -> BigInteger.valueOf(((Value.Whole) value(first, of)).units());
            case MEAN, PERCENTILE -> BigInteger.valueOf(of.size());
        };
    }

    private Answer.Told told(Question question, Range range, List<List<String>> top, boolean others) {
        var buckets = question.granularity().buckets(range, question.zone());
        var inside = matching(question, range);
        var series = new ArrayList<Series>();
        for (var group : top) {
            series.add(series(
                    question,
                    new Group.Of(group),
                    buckets,
                    inside,
                    event -> group(question, event).equals(group)));
        }
        if (others) {
            series.add(series(
                    question, new Group.Others(), buckets, inside, event -> !top.contains(group(question, event))));
        }
        return new Answer.Told(buckets, series, Optional.empty());
    }

    private static Series series(
            Question question,
            Group group,
            List<Range> buckets,
            List<UsageEvent> inside,
            Predicate<UsageEvent> member) {
        var own = inside.stream().filter(member).toList();
        var cells = new ArrayList<Cell>();
        for (int i = 0; i < buckets.size(); i++) {
            var bucket = buckets.get(i);
            var within =
                    own.stream().filter(event -> bucket.contains(event.time())).toList();
            if (!within.isEmpty()) {
                cells.add(new Cell(i, values(question, within)));
            }
        }
        return new Series(group, values(question, own), cells);
    }

    private static List<Value> values(Question question, List<UsageEvent> of) {
        return question.measures().stream().map(measure -> value(measure, of)).toList();
    }

    private static Value value(Measure measure, List<UsageEvent> of) {
        return switch (measure.kind()) {
            case SUM -> Value.of(sum(of, event -> amount(measure, event)));
            case MEAN -> measure == Measure.SESSION_LENGTH ? sessionLength(of) : mean(measure, of);
            case DISTINCT ->
                Value.of(of.stream()
                        .map(event -> measure == Measure.SUBJECTS ? event.call().subject() : session(event))
                        .filter(Objects::nonNull)
                        .collect(Collectors.toCollection(HashSet::new))
                        .size());
            case PERCENTILE -> percentile(measure.percent(), of);
        };
    }

    private static long sum(List<UsageEvent> of, ToLongFunction<UsageEvent> amount) {
        return of.stream().mapToLong(amount).reduce(0, Math::addExact);
    }

    private static Value mean(Measure measure, List<UsageEvent> of) {
        return Value.of(
                sum(of, event -> switch (measure) {
                    case LATENCY -> event.result().latencyMillis();
                    case QUEUE_WAIT -> event.result().queueWaitMillis();
                    default -> event.result().outcome() == Outcome.ERROR ? 0 : 1;
                }),
                of.size());
    }

    private static Value sessionLength(List<UsageEvent> of) {
        var bySession = new HashMap<Object, List<UsageEvent>>();
        for (var event : of) {
            var session = session(event);
            if (session != null) {
                bySession.computeIfAbsent(session, _ -> new ArrayList<>()).add(event);
            }
        }
        long sum = 0;
        for (var own : bySession.values()) {
            var times = own.stream().map(UsageEvent::time).sorted().toList();
            sum += Duration.between(times.getFirst(), times.getLast()).toMillis();
        }
        return Value.of(sum, bySession.size());
    }

    private static @Nullable Object session(UsageEvent event) {
        var session = event.call().dimensions().session();
        return session == null ? null : List.of(value(event, BuiltIn.SUBJECT), session);
    }

    private static Value percentile(int percent, List<UsageEvent> of) {
        var latencies = of.stream()
                .map(event -> event.result().latencyMillis())
                .sorted()
                .toList();
        if (latencies.isEmpty()) {
            return Value.NOTHING;
        }
        int rank = Math.ceilDiv(latencies.size() * percent, 100);
        return Value.of(latencies.get(rank - 1));
    }

    private static long amount(Measure measure, UsageEvent event) {
        var quantities = event.metered().amounts().quantities();
        var tokens = event.metered().tokens();
        return switch (measure) {
            case EVENTS -> 1;
            case ERRORS -> event.result().outcome() == Outcome.ERROR ? 1 : 0;
            case REQUESTS -> quantities.requests();
            case TOKENS -> quantities.tokens();
            case TOKENS_INPUT -> quantities.tokensInput();
            case TOKENS_OUTPUT -> quantities.tokensOutput();
            case COST -> event.metered().amounts().cost().picos();
            case BUCKET_INPUT -> tokens.input();
            case BUCKET_CACHED_INPUT -> tokens.cachedInput();
            case BUCKET_CACHE_WRITE_5M -> tokens.cacheWrite5m();
            case BUCKET_CACHE_WRITE_1H -> tokens.cacheWrite1h();
            case BUCKET_INPUT_AUDIO -> tokens.inputAudio();
            case BUCKET_OUTPUT -> tokens.output();
            case BUCKET_OUTPUT_AUDIO -> tokens.outputAudio();
            case BUCKET_REASONING -> tokens.reasoning();
            default -> throw new IllegalArgumentException("expected a sum, was " + measure);
        };
    }
}
