package dev.quotary.meter;

import java.util.Map;
import java.util.Optional;

/**
 * A declared meter.
 *
 * @param unit what one unit is, for people; empty where the key says it
 * @param source where CloudEvents carry the value; empty for meters that are only recorded by name
 */
public record Meter(MeterKey key, Aggregation aggregation, String unit, Optional<EventMapping> source) {
    /** Whether its value is a level that stands until changed, instead of a sum that grows. */
    public boolean level() {
        return aggregation == Aggregation.LATEST;
    }

    /**
     * How a CloudEvent becomes a quantity.
     *
     * @param eventType the CloudEvents {@code type} that this meter reads
     * @param valueProperty JSONPath of the value; empty to count events
     * @param groupBy name of a dimension to the JSONPath of its value
     */
    public record EventMapping(String eventType, String valueProperty, Map<String, String> groupBy) {
        public EventMapping {
            groupBy = Map.copyOf(groupBy);
        }
    }
}
