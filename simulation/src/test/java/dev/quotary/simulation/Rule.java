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
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A limit as the simulation knows it.
 *
 * @param maximum {@link Long#MAX_VALUE} for unlimited
 * @param overage how far calls may go beyond it; {@link Long#MAX_VALUE} for as far as they like while a grace lasts
 * @param grace how long that is; zero for none
 */
record Rule(
        String key,
        Counted counted,
        long maximum,
        long burst,
        Exceeded.Action action,
        long overage,
        Duration grace,
        OnStoreFailure onStoreFailure) {
    static final WindowCalendar CALENDAR = WindowCalendar.UTC;
    static final long UNLIMITED = Long.MAX_VALUE;
    /** Costs are whole dollars here. */
    static final long UNITS_PER_DOLLAR = 1_000_000_000_000L;

    static Rule of(String key, String what, long maximum) {
        return new Rule(key, counted(what), maximum, 0, Exceeded.Action.BLOCK, 0, Duration.ZERO, OnStoreFailure.ALLOW);
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
        return new Rule(key, counted, maximum, burst, other, overageMax, grace, onStoreFailure);
    }

    Rule max(long other) {
        return new Rule(key, counted, other, Math.min(burst, other), action, overage, grace, onStoreFailure);
    }

    Rule burst(long other) {
        return new Rule(key, counted, maximum, other, action, overage, grace, onStoreFailure);
    }

    Rule closed() {
        return new Rule(key, counted, maximum, burst, action, overage, grace, OnStoreFailure.DENY);
    }

    /** Calls pass for a while after the first one beyond the maximum. */
    Rule grace(Duration other, long overageMax) {
        return new Rule(key, counted, maximum, burst, action, overageMax, other, onStoreFailure);
    }

    boolean graced() {
        return !grace.isZero() && maximum != UNLIMITED;
    }

    boolean sliding() {
        return counted.window() instanceof WindowSpec.Sliding;
    }

    /**
     * What used and held may reach at an admission.
     *
     * @param before what was taken of the window before
     * @param graceOver whether there was a grace, and it is over
     */
    long enforced(long before, boolean graceOver) {
        if (maximum == UNLIMITED || action == Exceeded.Action.SHADOW) {
            return UNLIMITED;
        }
        if (graceOver) {
            return allowed(before);
        }
        return switch (action) {
            case OVERAGE, THROTTLE -> allowed(before) + overage;
            case BLOCK -> graced() && overage == UNLIMITED ? UNLIMITED : allowed(before) + (graced() ? overage : 0);
            case QUEUE, SHADOW -> allowed(before);
        };
    }

    /** The maximum with burst. */
    long allowed(long before) {
        return maximum == UNLIMITED ? UNLIMITED : maximum + Math.min(burst, Math.max(0, maximum - before));
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
                + counted.scope().key() + "\",\"window\":\"" + unit() + "\",\"max\":" + amount(maximum));
        if (sliding()) {
            text.append(",\"sliding\":true");
        }
        if (burst > 0) {
            text.append(",\"burst\":").append(amount(burst));
        }
        counted.filter()
                .patterns()
                .forEach((dimension, pattern) -> text.append(",\"where\":{\"")
                        .append(dimension)
                        .append("\":\"")
                        .append(pattern)
                        .append("\"}"));
        text.append(",\"exceeded\":{\"action\":\"").append(action.key()).append('"');
        if (action == Exceeded.Action.THROTTLE) {
            text.append(",\"delay\":\"1s\"");
        }
        if (!grace.isZero()) {
            text.append(",\"grace\":\"").append(grace.toSeconds()).append("s\"");
        }
        boolean beyond = action == Exceeded.Action.OVERAGE || action == Exceeded.Action.THROTTLE || !grace.isZero();
        if (beyond && overage != UNLIMITED) {
            text.append(",\"overage_max\":").append(amount(overage));
        }
        return text.append("},\"on_store_failure\":\"")
                .append(onStoreFailure.key())
                .append("\"}")
                .toString();
    }

    private String unit() {
        return counted.window() instanceof WindowSpec.Sliding sliding
                ? sliding.unit().key()
                : counted.window().key();
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
                + (action == Exceeded.Action.BLOCK ? "" : " " + action.key())
                + (grace.isZero() ? "" : " grace " + grace.toSeconds() + "s");
    }
}
