package dev.quotary.api.declare;

import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import dev.quotary.limit.Counted;
import dev.quotary.limit.Exceeded;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Limit;
import dev.quotary.limit.LimitKey;
import dev.quotary.limit.Maximum;
import dev.quotary.limit.OnStoreFailure;
import dev.quotary.limit.Scope;
import dev.quotary.meter.Meter;
import dev.quotary.meter.MeterKey;
import dev.quotary.money.Money;
import dev.quotary.time.WindowSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a limit as plans files write it. */
final class LimitReader {
    private static final String UNLIMITED = "unlimited";
    private static final long UNITS_MAX = 1_000_000_000_000_000_000L;
    private static final int STATUS_WAIT = 429;
    /** How long calls wait where nothing is said of it. */
    private static final Duration QUEUE_FOR = Duration.ofSeconds(5);

    private static final Set<String> DIMENSIONS = Set.of("provider", "model", "feature", "session", "workflow");

    private final Map<MeterKey, Meter> meters;
    private final List<Warning> warnings;

    LimitReader(Map<MeterKey, Meter> meters, List<Warning> warnings) {
        this.meters = meters;
        this.warnings = warnings;
    }

    Limit read(Value value) {
        var fields = value.fields();
        var key = fields.need("key").as(LimitKey::new);
        var meter = meter(fields.need("meter"));
        var scope = fields.find("per")
                .map(per -> per.oneOf(Scope.values(), Scope::key))
                .orElse(Scope.SUBJECT);
        var window = window(meter, fields);
        var maximum = maximum(meter, fields.need("max"));
        long burst =
                fields.find("burst").map(place -> burst(meter, maximum, place)).orElse(0L);
        var filter = fields.find("where").map(this::filter).orElse(Filter.ALL);
        var warnAt = fields.find("warn_at").map(LimitReader::percentages).orElse(Limit.WARN_AT);
        var exceeded =
                fields.find("exceeded").map(policy -> exceeded(meter, policy)).orElse(Exceeded.BLOCK);
        var onFailure = fields.find("on_store_failure")
                .map(word -> word.oneOf(OnStoreFailure.values(), OnStoreFailure::key))
                .orElse(OnStoreFailure.ALLOW);
        fields.done();
        var counted = new Counted(meter, filter, scope, window);
        return value.checked(() -> new Limit(key, counted, maximum, burst, warnAt, exceeded, onFailure));
    }

    private MeterKey meter(Value value) {
        var key = value.as(MeterKey::new);
        var declared = Optional.ofNullable(meters.get(key));
        if (declared.isEmpty() && !key.builtIn()) {
            throw value.wrong("expected a meter that is built in or declared, was '" + key + "'; declared: "
                    + meters.keySet().stream().sorted().map(MeterKey::value).collect(Collectors.joining(", ")));
        }
        if (!MeterReader.limitable(declared)) {
            throw value.wrong(
                    "expected a meter of aggregation sum, count or latest; limits on unique and max are not built yet");
        }
        return key;
    }

    private WindowSpec window(MeterKey meter, Fields fields) {
        var value = fields.need("window");
        var window = value.as(WindowSpec::parse);
        boolean sliding = fields.find("sliding").map(Value::bool).orElse(false);
        var declared = meters.get(meter);
        if (declared == null || !declared.level() || window.equals(WindowSpec.LIFETIME)) {
            return sliding ? sliding(window, value) : window;
        }
        warnings.add(Warning.at(
                value,
                meter + " is a level, which stands until it is changed: the limit counts over lifetime, not per "
                        + window.key()));
        return WindowSpec.LIFETIME;
    }

    private static WindowSpec sliding(WindowSpec window, Value place) {
        if (window instanceof WindowSpec.Calendar calendar) {
            return place.checked(() -> new WindowSpec.Sliding(calendar.unit()));
        }
        throw place.wrong("expected a window of a minute, hour, day or week beside sliding, was " + window.key());
    }

    private static long burst(MeterKey meter, Maximum maximum, Value value) {
        long burst = amount(meter, value);
        if (burst > maximum.units()) {
            throw value.wrong("expected a burst of at most the maximum");
        }
        return burst;
    }

    /** A maximum: decimal dollars for cost, a whole number else, or the word unlimited. */
    static Maximum maximum(MeterKey meter, Value value) {
        if (value.isText() && value.string().equals(UNLIMITED)) {
            return Maximum.UNLIMITED;
        }
        return new Maximum(amount(meter, value));
    }

    private static long amount(MeterKey meter, Value value) {
        return meter.equals(MeterKey.COST) ? value.decimal(Money::parse).picos() : value.integer(0, UNITS_MAX);
    }

    private Filter filter(Value value) {
        var patterns = value.texts();
        for (var dimension : patterns.keySet()) {
            if (!DIMENSIONS.contains(dimension) && !declared(dimension)) {
                warnings.add(Warning.at(
                        value,
                        "'" + dimension
                                + "' is neither provider, model, feature, session or workflow nor in the group_by of a meter: "
                                + "only uses that name this dimension themselves are counted"));
            }
        }
        return value.checked(() -> new Filter(patterns));
    }

    private boolean declared(String dimension) {
        return meters.values().stream()
                .flatMap(meter -> meter.source().stream())
                .anyMatch(source -> source.groupBy().containsKey(dimension));
    }

    private static List<Integer> percentages(Value value) {
        return value.items().stream()
                .map(percent -> (int) percent.integer(1, 100))
                .toList();
    }

    private Exceeded exceeded(MeterKey meter, Value value) {
        var fields = value.fields();
        var action = fields.find("action")
                .map(word -> word.oneOf(Exceeded.Action.values(), Exceeded.Action::key))
                .orElse(Exceeded.Action.BLOCK);
        var status = fields.find("status");
        var wait = fields.find("wait");
        var overageMax = fields.find("overage_max");
        var grace = fields.find("grace");
        var delay = fields.find("delay");
        fields.done();
        check(action, value, overageMax, grace, delay);
        var code = status.map(place -> OptionalInt.of((int) place.integer(100, 599)))
                .orElse(waits(action) ? OptionalInt.of(STATUS_WAIT) : OptionalInt.empty());
        var overage =
                overageMax.map(place -> OptionalLong.of(amount(meter, place))).orElse(OptionalLong.empty());
        return value.checked(() -> new Exceeded(
                action,
                code,
                wait.map(place -> place.as(Words::duration)).orElse(queueFor(action)),
                overage,
                grace.map(place -> place.as(Words::duration)).orElse(Duration.ZERO),
                delay.map(place -> place.as(Words::duration)).orElse(Duration.ZERO)));
    }

    /** What belongs together. A grace of nothing, as written by hand, is as none. */
    private static void check(
            Exceeded.Action action,
            Value value,
            Optional<Value> overageMax,
            Optional<Value> grace,
            Optional<Value> delay) {
        boolean graces = action == Exceeded.Action.BLOCK || action == Exceeded.Action.OVERAGE;
        boolean goesBeyond = action == Exceeded.Action.OVERAGE || action == Exceeded.Action.THROTTLE;
        if (action == Exceeded.Action.OVERAGE && overageMax.isEmpty()) {
            throw value.wrong("expected a member 'overage_max' for action overage");
        }
        if (action == Exceeded.Action.THROTTLE && delay.isEmpty()) {
            throw value.wrong("expected a member 'delay' for action throttle");
        }
        if (!graces) {
            grace.ifPresent(lonely -> {
                throw lonely.wrong("expected action block or overage beside 'grace'");
            });
        }
        if (action != Exceeded.Action.THROTTLE) {
            delay.ifPresent(lonely -> {
                throw lonely.wrong("expected action throttle beside 'delay'");
            });
        }
        if (!goesBeyond && (!graces || grace.isEmpty())) {
            overageMax.ifPresent(lonely -> {
                throw lonely.wrong("expected action overage or throttle, or a grace, beside 'overage_max'");
            });
        }
    }

    private static Duration queueFor(Exceeded.Action action) {
        return action == Exceeded.Action.QUEUE ? QUEUE_FOR : Duration.ZERO;
    }

    private static boolean waits(Exceeded.Action action) {
        return switch (action) {
            case QUEUE, THROTTLE -> true;
            case BLOCK, OVERAGE, SHADOW -> false;
        };
    }
}
