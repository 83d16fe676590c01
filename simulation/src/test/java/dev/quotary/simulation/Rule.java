package dev.quotary.simulation;

import dev.quotary.call.Call;
import dev.quotary.call.OrganizationKey;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Exceeded;
import dev.quotary.limit.Filter;
import dev.quotary.limit.OnStoreFailure;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A limit as the simulation knows it.
 *
 * @param maximum {@link Long#MAX_VALUE} for unlimited
 */
record Rule(
        String key,
        Counted counted,
        long maximum,
        Exceeded.Action action,
        long overage,
        OnStoreFailure onStoreFailure) {
    static final WindowCalendar CALENDAR = WindowCalendar.UTC;
    static final long UNLIMITED = Long.MAX_VALUE;
    /** Costs are whole dollars here. */
    static final long UNITS_PER_DOLLAR = 1_000_000_000_000L;

    static Rule of(String key, String what, long maximum) {
        return new Rule(key, counted(what), maximum, Exceeded.Action.BLOCK, 0, OnStoreFailure.ALLOW);
    }

    /** Reads {@code meter/scope/window[/model]}. */
    private static Counted counted(String what) {
        var parts = what.split("/", -1);
        var filter = parts.length > 3 ? new Filter(Map.of("model", parts[3])) : Filter.ALL;
        return new Counted(
                new MeterKey(parts[0]),
                filter,
                Scope.valueOf(parts[1].toUpperCase(Locale.ROOT)),
                WindowSpec.parse(parts[2]));
    }

    Rule then(Exceeded.Action other, long overageMax) {
        return new Rule(key, counted, maximum, other, overageMax, onStoreFailure);
    }

    Rule max(long other) {
        return new Rule(key, counted, other, action, overage, onStoreFailure);
    }

    Rule closed() {
        return new Rule(key, counted, maximum, action, overage, OnStoreFailure.DENY);
    }

    /** What used and held may reach at an admission. */
    long enforced() {
        return switch (action) {
            case SHADOW -> UNLIMITED;
            case OVERAGE -> maximum == UNLIMITED ? UNLIMITED : maximum + overage;
            case BLOCK, THROTTLE, QUEUE -> maximum;
        };
    }

    /** The counter that a use moves; empty if the limit does not apply to it. */
    Optional<CounterKey> counter(Call call, Instant at) {
        var scopeValue = counted.scope().valueOf(call);
        return scopeValue == null || !counted.filter().matches(call.dimensions())
                ? Optional.empty()
                : Optional.of(counter(call.organization(), scopeValue, at));
    }

    CounterKey counter(OrganizationKey organization, String scopeValue, Instant at) {
        return new CounterKey(
                organization, counted, scopeValue, counted.window().at(at, CALENDAR));
    }

    String json() {
        var text = new StringBuilder("{\"key\":\"" + key + "\",\"meter\":\"" + counted.meter() + "\",\"per\":\""
                + counted.scope().key() + "\",\"window\":\"" + counted.window().key() + "\",\"max\":"
                + amount(maximum));
        counted.filter()
                .patterns()
                .forEach((dimension, pattern) -> text.append(",\"where\":{\"")
                        .append(dimension)
                        .append("\":\"")
                        .append(pattern)
                        .append("\"}"));
        text.append(",\"exceeded\":{\"action\":\"").append(action.key()).append('"');
        if (action == Exceeded.Action.OVERAGE) {
            text.append(",\"overage_max\":").append(amount(overage));
        }
        return text.append("},\"on_store_failure\":\"")
                .append(onStoreFailure.key())
                .append("\"}")
                .toString();
    }

    String amount(long units) {
        if (units == UNLIMITED) {
            return "\"unlimited\"";
        }
        return Long.toString(counted.meter().equals(MeterKey.COST) ? units / UNITS_PER_DOLLAR : units);
    }

    @Override
    public String toString() {
        return key + " " + (maximum == UNLIMITED ? "unlimited" : amount(maximum))
                + (action == Exceeded.Action.BLOCK ? "" : " " + action.key());
    }
}
