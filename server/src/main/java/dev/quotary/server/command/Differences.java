package dev.quotary.server.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.ledger.Difference;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells differences, to people and as JSON: both name the same things. */
final class Differences {
    private Differences() {}

    /** One line. */
    static String line(Difference difference) {
        return word(difference) + " " + difference.organization() + " "
                + key(difference).entrySet().stream()
                        .filter(entry -> !entry.getValue().isEmpty())
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(" "))
                + ": expected " + difference.expected() + ", found " + difference.found();
    }

    static void write(JsonGenerator json, Difference difference) throws IOException {
        json.writeStartObject();
        json.writeStringField("what", word(difference));
        json.writeStringField("organization", difference.organization().value());
        json.writeObjectFieldStart("key");
        for (var entry : key(difference).entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("expected", difference.expected());
        json.writeNumberField("found", difference.found());
        json.writeEndObject();
    }

    private static String word(Difference difference) {
        return switch (difference) {
            case Difference.OfRollup _ -> "rollup";
            case Difference.OfMeter _ -> "meter";
            case Difference.OfSum _ -> "window_sum";
            case Difference.OfLevelTime _ -> "level_time";
            case Difference.OfCounter _ -> "counter";
        };
    }

    private static Map<String, String> key(Difference difference) {
        var key = new LinkedHashMap<String, String>();
        switch (difference) {
            case Difference.OfRollup rollup -> {
                key.put("hour", rollup.hour().start().toString());
                key.put("subject", rollup.hour().subject());
                key.put("provider", rollup.hour().provider());
                key.put("model", rollup.hour().model());
                key.put("feature", rollup.hour().feature());
                key.put("sum", rollup.sum());
            }
            case Difference.OfMeter meter -> {
                key.put("hour", meter.hour().start().toString());
                key.put("meter", meter.hour().meter());
                key.put("subject", meter.hour().subject());
                key.put("dimensions", meter.hour().dimensions());
                key.put("sum", meter.sum());
            }
            case Difference.OfSum sum -> put(key, sum.counted(), sum.whose());
            case Difference.OfLevelTime time -> put(key, time.counted(), time.whose());
            case Difference.OfCounter counter -> put(key, counter.counted(), counter.whose());
        }
        return key;
    }

    private static void put(Map<String, String> key, String counted, Difference.Whose whose) {
        key.put("counted", counted);
        key.put("scope_value", whose.scopeValue());
        key.put("window_start", whose.windowStart().toString());
    }
}
