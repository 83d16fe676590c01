package dev.quotary.sql;

import dev.quotary.call.Dimensions;
import dev.quotary.meter.MeterKey;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the sums of declared meters are kept by, beside the subject, as {@link Words}: provider, model, feature and all declared dimensions.
 * Not by session and workflow, which would make a row of nearly every event, and not by the values of meters of aggregation unique, which
 * are dimensions named as the meter.
 */
final class MeterDimensions {
    private MeterDimensions() {}

    /** @param meters that the event counts on */
    static String of(Dimensions dimensions, Collection<MeterKey> meters) {
        var kept = new TreeMap<>(dimensions.others());
        meters.forEach(meter -> kept.remove(meter.value()));
        put(kept, "provider", dimensions.provider());
        put(kept, "feature", dimensions.feature());
        put(kept, "model", dimensions.model());
        var words = Words.of(kept);
        return words == null ? "" : words;
    }

    private static void put(Map<String, String> kept, String name, @Nullable String value) {
        if (value != null) {
            kept.put(name, value);
        }
    }
}
