package dev.quotary.api;

import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.Granularity;
import dev.quotary.http.Documents;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Value;
import dev.quotary.meter.Meter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a meter query asks for, in OpenMeter's words: as parameters of a GET or as the body of a POST.
 *
 * @param windowSize empty for one window
 * @param zone in which windows begin
 */
record MeterQuery(
        Optional<Instant> from,
        Optional<Instant> until,
        Optional<Granularity> windowSize,
        ZoneId zone,
        List<Condition> conditions,
        List<Dimension> groupBy) {
    private static final String FILTER = "filterGroupBy[";
    private static final Set<Granularity> WINDOWS =
            Set.of(Granularity.MINUTE, Granularity.HOUR, Granularity.DAY, Granularity.MONTH);
    private static final Set<String> ALWAYS = Set.of("subject", "provider", "model", "feature", "session", "workflow");

    /** Reads the parameters of a request. */
    static MeterQuery ofParameters(Exchange exchange, Meter meter) {
        var said = new Said(meter);
        exchange.queryPairs().forEach(pair -> said.parameter(pair.getKey(), Documents.text(pair.getValue())));
        return said.query();
    }

    /** Reads the body of a request. */
    static MeterQuery ofBody(Value body, Meter meter) {
        var said = new Said(meter);
        body.entries().forEach((name, value) -> {
            if (!value.isNull()) {
                said.member(name, value);
            }
        });
        return said.query();
    }

    private static final class Said {
        private final Meter meter;
        private Optional<Instant> from = Optional.empty();
        private Optional<Instant> until = Optional.empty();
        private Optional<Granularity> windowSize = Optional.empty();
        private ZoneId zone = ZoneOffset.UTC;
        private final List<Dimension> groupBy = new ArrayList<>();
        private final Map<Dimension, List<String>> filters = new LinkedHashMap<>();

        Said(Meter meter) {
            this.meter = meter;
        }

        /** Lists are parameters that are repeated, and maps have their keys in brackets. */
        void parameter(String name, Value value) {
            if (name.startsWith(FILTER) && name.endsWith("]")) {
                filter(name.substring(FILTER.length(), name.length() - 1), value);
            } else if (!name.equals("organization")) {
                try {
                    one(name, value);
                } catch (InvalidInputException e) {
                    throw InvalidInputException.inQuery(name, e.expected());
                }
            }
        }

        void member(String name, Value value) {
            if (name.equals("filterGroupBy")) {
                value.entries()
                        .forEach((dimension, values) -> values.oneOrMany().forEach(each -> filter(dimension, each)));
            } else {
                value.oneOrMany().forEach(each -> one(name, each));
            }
        }

        private void one(String name, Value value) {
            switch (name) {
                case "from" -> from = Optional.of(value.instant());
                case "to" -> until = Optional.of(value.instant());
                case "windowSize" -> windowSize = Optional.of(value.oneOf(sizes(), Granularity::name));
                case "windowTimeZone" -> zone = value.as(Said::zone);
                case "subject" -> filter(name, value);
                case "groupBy" -> groupBy.add(dimension(value.string(), value));
                case "clientId" -> value.string();
                default ->
                    throw value.wrong(
                            "unknown field '" + name
                                    + "'; known here: clientId, filterGroupBy, from, groupBy, subject, to, windowSize, windowTimeZone");
            }
        }

        private static Granularity[] sizes() {
            return WINDOWS.stream().sorted().toArray(Granularity[]::new);
        }

        private static ZoneId zone(String text) {
            try {
                return ZoneId.of(text);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("expected a time zone such as Europe/Berlin, was '" + text + "'", e);
            }
        }

        private void filter(String name, Value value) {
            filters.computeIfAbsent(dimension(name, value), _ -> new ArrayList<>())
                    .add(value.string());
        }

        /** A meter that reads events has the dimensions that it names; what is recorded by name may have any. */
        private Dimension dimension(String name, Value place) {
            var declared = meter.source().map(Meter.EventMapping::groupBy);
            if (!ALWAYS.contains(name)
                    && declared.isPresent()
                    && !declared.get().containsKey(name)) {
                throw place.wrong("expected a dimension of meter '" + meter.key() + "': subject"
                        + (declared.get().isEmpty()
                                ? ""
                                : ", "
                                        + String.join(
                                                ", ",
                                                new TreeSet<>(declared.get().keySet())))
                        + "; was '" + name + "'");
            }
            var dimension = place.checked(() -> Dimension.ofKey(name));
            if (dimension == BuiltIn.API_KEY || dimension == BuiltIn.OUTCOME) {
                throw place.wrong("declared meters are not kept by " + name);
            }
            return dimension;
        }

        MeterQuery query() {
            var conditions = filters.entrySet().stream()
                    .map(filter -> checked(filter.getKey(), filter.getValue()))
                    .toList();
            return new MeterQuery(
                    from,
                    until,
                    windowSize,
                    zone,
                    conditions,
                    groupBy.stream().distinct().toList());
        }

        private static Condition checked(Dimension dimension, List<String> values) {
            try {
                return new Condition(dimension, values);
            } catch (IllegalArgumentException e) {
                throw new InvalidInputException("", 0, String.valueOf(e.getMessage()));
            }
        }
    }
}
