package dev.quotary.api.query;

import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.Granularity;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.Range;
import dev.quotary.http.InvalidInputException;
import dev.quotary.ledger.UsageEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads questions and searches out of query parameters. */
public final class QuestionReader {
    private static final String FILTER = "filter";
    private static final int TOP = 100;
    private static final int DAYS_BEFORE = 29;
    /** Before and after everything. */
    static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

    static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private static final Set<String> OF_DIMENSIONS =
            Arrays.stream(BuiltIn.values()).map(BuiltIn::key).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> OF_QUESTIONS = with(
            OF_DIMENSIONS,
            Set.of("organization", "meter", "from", "to", "granularity", "group_by", "time_zone", "top", "compare"));
    private static final Set<String> OF_SEARCHES =
            with(OF_DIMENSIONS, Set.of("organization", "from", "to", "time_zone", "limit", "cursor", "id"));

    private final QueryParameters parameters;
    private final Asked asked;

    public QuestionReader(Queried queried, Asked asked) {
        this.parameters = new QueryParameters(queried);
        this.asked = asked;
    }

    private static Set<String> with(Set<String> some, Set<String> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** A question; by default about the cost of the last 30 days, by day in the organization's time zone. */
    public Question question() {
        parameters.refuseUnknown(OF_QUESTIONS, FILTER);
        var zone = zone();
        var until = parameters.instant("to", zone).orElse(asked.now());
        var from = parameters.instant("from", zone).orElseGet(() -> daysBefore(until, zone));
        var granularity =
                parameters.read("granularity", QuestionReader::granularity).orElse(Granularity.DAY);
        var groupBy = parameters.list("group_by").stream().map(Dimension::ofKey).toList();
        int top = parameters.number("top", TOP, Question.TOP_MAX);
        try {
            return new Question(
                    asked.organization(),
                    measures(),
                    new Range(from, until),
                    granularity,
                    zone,
                    conditions(),
                    groupBy,
                    top,
                    previous());
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("", 0, String.valueOf(e.getMessage()));
        }
    }

    private ZoneId zone() {
        return parameters.zone("time_zone").orElse(asked.zone());
    }

    private static Instant daysBefore(Instant until, ZoneId zone) {
        return until.atZone(zone)
                .toLocalDate()
                .minusDays(DAYS_BEFORE)
                .atStartOfDay(zone)
                .toInstant();
    }

    private static Granularity granularity(String text) {
        return Granularity.ofKey(text)
                .orElseThrow(() -> new IllegalArgumentException("expected one of "
                        + Arrays.stream(Granularity.values())
                                .map(Granularity::key)
                                .collect(Collectors.joining(", "))
                        + ", was '" + text + "'"));
    }

    private List<Measure> measures() {
        var names = parameters.list("meter");
        return names.isEmpty()
                ? List.of(Measure.COST)
                : names.stream().map(QuestionReader::measure).distinct().toList();
    }

    private static Measure measure(String name) {
        return Measure.ofKey(name)
                .orElseThrow(() -> QueryParameters.wrong(
                        "meter",
                        "expected built-in ones such as cost, tokens or requests, was '" + name
                                + "'; declared meters are asked for one at a time"));
    }

    /** The meter that is asked for, if it is one alone and none of the built-in measures. */
    public Optional<String> declaredMeter() {
        var names = parameters.list("meter");
        return names.size() == 1 && Measure.ofKey(names.getFirst()).isEmpty()
                ? Optional.of(names.getFirst())
                : Optional.empty();
    }

    private boolean previous() {
        return parameters
                .read("compare", text -> {
                    if (!text.equals("previous")) {
                        throw new IllegalArgumentException("expected previous, was '" + text + "'");
                    }
                    return true;
                })
                .orElse(false);
    }

    /** What events have to meet; always the caller's own subject where it may know of no other. */
    private List<Condition> conditions() {
        var conditions = new ArrayList<Condition>();
        var own = asked.own();
        if (own != null) {
            conditions.add(Condition.is(BuiltIn.SUBJECT, own.value()));
        }
        for (var name : parameters.names().stream().sorted().toList()) {
            if (OF_DIMENSIONS.contains(name)) {
                conditions.add(condition(name, Dimension.ofKey(name)));
            } else if (name.startsWith(FILTER + "[")) {
                var dimension = name.substring(FILTER.length() + 1, name.length() - 1);
                conditions.add(condition(name, QueryParameters.checked(name, () -> Dimension.ofKey(dimension))));
            }
        }
        return conditions;
    }

    private Condition condition(String parameter, Dimension dimension) {
        return QueryParameters.checked(parameter, () -> new Condition(dimension, parameters.all(parameter)));
    }

    /** The range and the conditions of a search among all events. */
    public Search search() {
        parameters.refuseUnknown(OF_SEARCHES, FILTER);
        var zone = zone();
        var until = parameters.instant("to", zone).orElse(LATEST);
        var from = parameters.instant("from", zone).orElse(EARLIEST);
        return QueryParameters.checked("from", () -> new Search(new Range(from, until), conditions()));
    }

    /** Which events are wanted. */
    public record Search(Range range, List<Condition> conditions) {
        public Search {
            conditions = List.copyOf(conditions);
        }

        /** Whether an event is one of them. */
        public boolean finds(UsageEvent event) {
            return range.contains(event.time()) && conditions.stream().allMatch(condition -> condition.matches(event));
        }
    }
}
