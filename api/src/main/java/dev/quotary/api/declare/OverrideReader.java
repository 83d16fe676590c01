package dev.quotary.api.declare;

import dev.quotary.catalog.LimitOverride;
import dev.quotary.http.Value;
import dev.quotary.limit.Limit;
import dev.quotary.limit.LimitKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads overrides as plans files write them, of subjects and of organizations alike. */
final class OverrideReader {
    private final Function<LimitKey, Optional<Limit>> limits;
    private final String where;
    private final boolean strict;

    /**
     * @param limits those that can be overridden
     * @param where they are, for the caller who names another
     * @param strict whether an override of any other limit is an error; else it is left out
     */
    OverrideReader(Function<LimitKey, Optional<Limit>> limits, String where, boolean strict) {
        this.limits = limits;
        this.where = where;
        this.strict = strict;
    }

    List<LimitOverride> read(List<Value> values) {
        return values.stream().map(this::read).flatMap(Optional::stream).toList();
    }

    private Optional<LimitOverride> read(Value value) {
        var fields = value.fields();
        var place = fields.need("limit");
        var key = place.as(LimitKey::new);
        var limit = limits.apply(key);
        var max = fields.need("max");
        var until = fields.find("until").map(Value::instant).orElse(null);
        var reason = fields.string("reason").orElse(null);
        fields.done();
        if (limit.isEmpty() && strict) {
            throw place.wrong("expected a limit of " + where + ", was '" + key + "'");
        }
        return limit.map(known -> new LimitOverride(key, LimitReader.maximum(known.meter(), max), until, reason));
    }
}
