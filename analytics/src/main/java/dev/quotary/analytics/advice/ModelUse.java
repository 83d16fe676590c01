package dev.quotary.analytics.advice;

import dev.quotary.money.Money;
import dev.quotary.price.Component;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one model was used for.
 *
 * @param feature the empty text where nobody said
 * @param buckets disjoint token sums; those that are 0 are left out
 * @param cost what it did cost
 */
public record ModelUse(
        String provider, String model, String feature, long requests, Map<Component, Long> buckets, Money cost) {
    public ModelUse {
        var used = new EnumMap<Component, Long>(Component.class);
        buckets.forEach((component, units) -> {
            if (units > 0) {
                used.put(component, units);
            }
        });
        buckets = Collections.unmodifiableMap(used);
    }

    /** Units of one bucket. */
    public long of(Component component) {
        return buckets.getOrDefault(component, 0L);
    }

    /** All tokens of the prompts. */
    public long prompt() {
        long sum = 0;
        for (var bucket : buckets.entrySet()) {
            sum = bucket.getKey().prompt() ? Math.addExact(sum, bucket.getValue()) : sum;
        }
        return sum;
    }
}
