package dev.quotary.api.declare;

import dev.quotary.http.JsonPath;
import dev.quotary.http.Value;
import dev.quotary.ledger.Origin;
import dev.quotary.meter.Aggregation;
import dev.quotary.meter.Meter;
import dev.quotary.meter.MeterKey;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a meter as plans files write it. */
final class MeterReader {
    private static final Pattern DIMENSION = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
    /** What OpenMeter's clients may ask for beside the dimensions of a meter. */
    private static final Set<String> RESERVED = new TreeSet<>(Set.of("subject", "customer_id", "organization"));
    /** Of a meter: so that those of one event, of several meters, hardly ever are too many. */
    private static final int GROUP_BY_MAX = 8;

    private MeterReader() {}

    static Meter read(Value value) {
        var fields = value.fields();
        var key = fields.need("key").as(MeterKey::new);
        if (key.builtIn()) {
            throw fields.need("key").wrong("expected the key of a new meter; '" + key + "' is built in");
        }
        var aggregation = fields.need("aggregation").oneOf(Aggregation.values(), Aggregation::key);
        var unit = fields.string("unit").orElse("");
        var eventType = fields.string("event_type");
        var property = fields.find("value_property");
        var groupBy = fields.find("group_by");
        fields.done();
        if (eventType.isEmpty()) {
            property.or(() -> groupBy).ifPresent(lonely -> {
                throw lonely.wrong("expected a member 'event_type' beside this one");
            });
        }
        var source = eventType.map(type -> new Meter.EventMapping(
                type(fields.need("event_type")),
                property(value, aggregation, property.orElse(null)),
                groupBy.map(MeterReader::groupBy).orElse(Map.of())));
        return new Meter(key, aggregation, unit, source);
    }

    private static String type(Value value) {
        var type = value.string();
        if (type.isBlank() || type.length() > Origin.LENGTH_MAX) {
            throw value.wrong("expected an event type of 1.." + Origin.LENGTH_MAX + " characters");
        }
        return type;
    }

    private static String property(Value meter, Aggregation aggregation, @Nullable Value property) {
        if (aggregation == Aggregation.COUNT) {
            if (property != null) {
                throw property.wrong("expected no value_property: a meter of aggregation count counts events");
            }
            return "";
        }
        if (property == null) {
            throw meter.wrong("expected a member 'value_property': a meter of aggregation " + aggregation.key()
                    + " reads a value of its events");
        }
        return property.as(JsonPath::parse).toString();
    }

    private static Map<String, String> groupBy(Value value) {
        var paths = new TreeMap<String, String>();
        value.entries().forEach((name, path) -> {
            if (!DIMENSION.matcher(name).matches() || RESERVED.contains(name)) {
                throw path.wrong("expected the name of a dimension: letters, digits and _, at most 64, not one of "
                        + String.join(", ", RESERVED) + "; was '" + name + "'");
            }
            paths.put(name, path.as(JsonPath::parse).toString());
        });
        if (paths.size() > GROUP_BY_MAX) {
            throw value.wrong("expected at most " + GROUP_BY_MAX + " dimensions, was " + paths.size());
        }
        return paths;
    }

    /**
     * Meters that read the same events share their dimensions, so a name has one meaning in all of them.
     *
     * @throws dev.quotary.http.InvalidInputException if a meter reads a dimension elsewhere than another one does
     */
    static void agree(Value value, Meter meter, Collection<Meter> all) {
        if (meter.source().isEmpty()) {
            return;
        }
        var own = meter.source().get();
        for (var other : all) {
            if (other.source()
                    .filter(theirs -> theirs.eventType().equals(own.eventType()))
                    .isPresent()) {
                agree(value, own, other);
            }
        }
    }

    private static void agree(Value value, Meter.EventMapping own, Meter other) {
        var theirs = other.source().orElseThrow().groupBy();
        own.groupBy().forEach((name, path) -> {
            if (!theirs.getOrDefault(name, path).equals(path)) {
                throw value.wrong("expected dimension '" + name + "' of events of type '" + own.eventType() + "' at "
                        + theirs.get(name) + ", as meter '" + other.key() + "' has it, was " + path);
            }
            if (other.aggregation() == Aggregation.UNIQUE
                    && name.equals(other.key().value())) {
                throw value.wrong("expected a dimension that is not named as the meter '" + other.key()
                        + "': its values are kept under that name");
            }
        });
    }

    /**
     * Whether a meter may take the place of another of the same key: what was recorded and counted so far keeps its meaning only if it
     * does.
     */
    private static boolean fits(Meter newer, Meter older) {
        return meaning(newer) == meaning(older);
    }

    /** @throws dev.quotary.http.InvalidInputException if a meter may not take the place of another */
    static void keepMeaning(Value value, Meter newer, Meter older) {
        if (!fits(newer, older)) {
            throw value.wrong("expected meter '" + newer.key() + "' to keep its aggregation "
                    + older.aggregation().key()
                    + ": what it has counted would change its meaning; declare another meter");
        }
    }

    private static int meaning(Meter meter) {
        return switch (meter.aggregation()) {
            case SUM, COUNT -> 0;
            case UNIQUE -> 1;
            case MAX -> 2;
            case LATEST -> 3;
            case MIN -> 4;
            case AVG -> 5;
        };
    }

    /** Whether limits can be put on a meter. */
    static boolean limitable(Optional<Meter> declared) {
        return declared.map(meter -> switch (meter.aggregation()) {
                    case SUM, COUNT, LATEST -> true;
                    case UNIQUE, MIN, MAX, AVG -> false;
                })
                .orElse(true);
    }
}
