package dev.quotary.catalog;

import dev.quotary.limit.Limit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named set of limits: a tier.
 *
 * @param priority calls of higher plans go first where calls wait
 * @param upgradeUrl where a refused user can get more; null for none
 * @param limits with distinct keys
 */
public record Plan(PlanKey key, int priority, @Nullable String upgradeUrl, List<Limit> limits) {
    public static final int LIMITS_MAX = 100;

    public Plan {
        limits = List.copyOf(limits);
        if (limits.size() > LIMITS_MAX) {
            throw new IllegalArgumentException("expected at most " + LIMITS_MAX + " limits, was " + limits.size());
        }
        if (limits.stream().map(Limit::key).distinct().count() < limits.size()) {
            throw new IllegalArgumentException("expected limits with distinct keys in plan " + key);
        }
    }
}
