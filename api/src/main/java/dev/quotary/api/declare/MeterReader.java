package dev.quotary.api.declare;

import dev.quotary.http.Value;
import dev.quotary.meter.Aggregation;
import dev.quotary.meter.Meter;
import dev.quotary.meter.MeterKey;
import java.util.Map;
import java.util.Optional;

/** Reads a meter as plans files write it. */
final class MeterReader {
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
                type,
                property.map(Value::string).orElse(""),
                groupBy.map(Value::texts).orElse(Map.of())));
        return new Meter(key, aggregation, unit, source);
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
        };
    }

    /** Whether limits can be put on a meter. */
    static boolean limitable(Optional<Meter> declared) {
        return declared.map(meter -> switch (meter.aggregation()) {
                    case SUM, COUNT, LATEST -> true;
                    case UNIQUE, MAX -> false;
                })
                .orElse(true);
    }
}
