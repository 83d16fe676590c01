package dev.quotary.api.event;

import dev.quotary.call.Dimensions;
import dev.quotary.http.JsonPath;
import dev.quotary.http.Value;
import dev.quotary.meter.Aggregation;
import dev.quotary.meter.Meter;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What declared meters read in events, with their paths compiled once.
 *
 * <p>An event counts on every meter that reads its type, and on nothing else; one of a type that nobody reads counts on none. The values of
 * the meters' {@code group_by} become dimensions of the event, those named provider, model, feature, session and workflow the built-in ones, so
 * that limits filter by them. The value of a meter of aggregation {@code unique} is a dimension too, named as the meter is.
 */
public final class EventMeters {
    private static final int DIGITS_MAX = 64;

    private final Map<String, OfType> types;

    private EventMeters(Map<String, OfType> types) {
        this.types = Map.copyOf(types);
    }

    public static EventMeters of(Collection<Meter> meters) {
        var types = new HashMap<String, OfType>();
        for (var meter : meters) {
            meter.source()
                    .ifPresent(source -> types.computeIfAbsent(source.eventType(), OfType::new)
                            .add(meter, source));
        }
        return new EventMeters(types);
    }

    /** What an event counts for, and by what it can be broken down. */
    public record Reading(Quantities quantities, Dimensions dimensions) {}

    /** @throws dev.quotary.http.InvalidInputException if a meter finds no value, or none that it could count */
    public Reading read(CloudEvent event) {
        var type = types.get(event.type());
        return type == null ? new Reading(Quantities.NONE, Dimensions.NONE) : type.read(event);
    }

    /** @param path null where events are counted */
    private record Counting(Meter meter, @Nullable JsonPath path) {}

    private record Grouping(String dimension, JsonPath path) {}

    private static final class OfType {
        private final String type;
        private final List<Counting> countings = new ArrayList<>();
        private final List<Grouping> groupings = new ArrayList<>();

        OfType(String type) {
            this.type = type;
        }

        void add(Meter meter, Meter.EventMapping source) {
            var property = source.valueProperty();
            countings.add(new Counting(meter, property.isEmpty() ? null : JsonPath.parse(property)));
            source.groupBy().forEach((dimension, path) -> {
                if (groupings.stream().noneMatch(known -> known.dimension().equals(dimension))) {
                    groupings.add(new Grouping(dimension, JsonPath.parse(path)));
                }
            });
        }

        Reading read(CloudEvent event) {
            var amounts = new HashMap<MeterKey, Long>();
            var dimensions = new HashMap<String, String>();
            var data = event.dataOrNull();
            for (var grouping : groupings) {
                var value = data == null ? null : grouping.path().find(data);
                if (value != null && !value.scalar().isEmpty()) {
                    dimensions.put(grouping.dimension(), dimension(value));
                }
            }
            for (var counting : countings) {
                var key = counting.meter().key();
                var path = counting.path();
                if (path == null) {
                    amounts.put(key, 1L);
                } else {
                    var value = value(event, counting, path);
                    boolean unique = counting.meter().aggregation() == Aggregation.UNIQUE;
                    amounts.put(key, unique ? 1L : amount(value));
                    if (unique) {
                        dimensions.put(key.value(), dimension(value));
                    }
                }
            }
            return event.place().checked(() -> new Reading(Quantities.of(amounts), dimensions(dimensions)));
        }

        private Value value(CloudEvent event, Counting counting, JsonPath path) {
            var data = event.dataOrNull();
            var value = data == null ? null : path.find(data);
            if (value == null) {
                throw (data == null ? event.place() : data)
                        .wrong("expected a value at " + path + " of data, which meter '"
                                + counting.meter().key() + "' reads in events of type '" + type + "'");
            }
            return value;
        }
    }

    private static Dimensions dimensions(Map<String, String> named) {
        if (named.isEmpty()) {
            return Dimensions.NONE;
        }
        var others = new TreeMap<>(named);
        return new Dimensions(
                others.remove("provider"),
                others.remove("model"),
                others.remove("feature"),
                others.remove("session"),
                others.remove("workflow"),
                others);
    }

    private static String dimension(Value value) {
        var text = value.scalar();
        if (text.isEmpty() || text.length() > Dimensions.LENGTH_MAX) {
            throw value.wrong("expected 1.." + Dimensions.LENGTH_MAX + " characters");
        }
        return text;
    }

    private static long amount(Value value) {
        return value.decimal(text -> {
            if (text.length() <= DIGITS_MAX) {
                try {
                    long amount = new BigDecimal(text).longValueExact();
                    if (amount >= 0 && amount <= Quantities.AMOUNT_MAX) {
                        return amount;
                    }
                } catch (ArithmeticException | NumberFormatException _) {
                    // Not a number, not whole, or far too large: told below.
                }
            }
            throw new IllegalArgumentException("expected a whole number of 0.." + Quantities.AMOUNT_MAX + ", was '"
                    + (text.length() > DIGITS_MAX ? text.substring(0, DIGITS_MAX) + "…" : text) + "'");
        });
    }
}
