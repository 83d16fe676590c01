package dev.quotary.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Exceeded;
import dev.quotary.limit.Limit;
import dev.quotary.meter.MeterKey;
import dev.quotary.money.Money;
import dev.quotary.time.Window;
import dev.quotary.time.WindowSpec;
import dev.quotary.usage.LimitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes how limits stand as JSON, and keeps what is the same in every answer about one limit in one window: all but five members.
 *
 * <p>An answer about six limits would otherwise take several times longer to write than to decide. What is kept is bounded, is found by the counter, and serves only the very limit it was written for. Safe for many threads.
 */
public final class LimitTexts {
    /** Some hundred bytes each. */
    private static final int KEPT_MAX = 10_000;

    private static final SerializableString LIMIT = new SerializedString("limit");
    private static final SerializableString USED = new SerializedString("used");
    private static final SerializableString HELD = new SerializedString("held");
    private static final SerializableString REMAINING = new SerializedString("remaining");
    private static final SerializableString PERCENT = new SerializedString("percent");
    private static final SerializableString STATE = new SerializedString("state");
    private static final String BEFORE_HEAD = "{\"limit\":";
    private static final long PER_MILLE = 1_000;

    private final Map<CounterKey, Kept> kept = new ConcurrentHashMap<>();

    /**
     * What never changes about one limit in one window.
     *
     * @param head from the limit's key to {@code unlimited}, without braces and without the first name
     */
    private record Kept(Limit limit, SerializableString head) {}

    /** Writes one limit. */
    public void write(JsonGenerator json, LimitStatus status) throws IOException {
        var limit = status.limit();
        var meter = limit.meter();
        json.writeStartObject();
        json.writeFieldName(LIMIT);
        // A value that goes on with further members: the generator knows of one member and sets the commas right.
        json.writeRawValue(head(status));
        if (limit.counted().window() instanceof WindowSpec.Sliding) {
            json.writeNullField("window_start");
            instant(json, "resets_at", status.resetsAt().orElse(null));
        }
        json.writeFieldName(USED);
        amount(json, meter, status.used());
        json.writeFieldName(HELD);
        amount(json, meter, status.held());
        json.writeFieldName(REMAINING);
        if (limit.maximum().unlimited()) {
            json.writeNull();
        } else {
            amount(json, meter, status.remaining());
        }
        json.writeFieldName(PERCENT);
        json.writeNumber(status.percent());
        json.writeFieldName(STATE);
        json.writeString(status.state().key());
        if (!limit.exceeded().grace().isZero()) {
            instant(json, "grace_ends_at", status.graceEndsAt().orElse(null));
        }
        if (limit.burst() > 0) {
            json.writeFieldName("burst");
            amount(json, meter, Math.max(0, status.allowed() - limit.maximum().units()));
        }
        json.writeEndObject();
    }

    /** Whether {@link #write(AsciiText, LimitStatus)} can write it. */
    public static boolean plain(LimitStatus status) {
        var limit = status.limit();
        return !(limit.counted().window() instanceof WindowSpec.Sliding)
                && limit.exceeded().grace().isZero()
                && limit.burst() == 0;
    }

    /** The same text as {@link #write(JsonGenerator, LimitStatus)}, for the limits of nearly every answer, in a fraction of the time. */
    public void write(AsciiText out, LimitStatus status) {
        var limit = status.limit();
        var meter = limit.meter();
        out.add(BEFORE_HEAD).add(head(status)).add(",\"used\":");
        amount(out, meter, status.used());
        out.add(",\"held\":");
        amount(out, meter, status.held());
        out.add(",\"remaining\":");
        if (limit.maximum().unlimited()) {
            out.add("null");
        } else {
            amount(out, meter, status.remaining());
        }
        out.add(",\"percent\":");
        percent(out, status);
        out.add(",\"state\":\"").add(status.state().key()).add("\"}");
    }

    private static void amount(AsciiText out, MeterKey meter, long units) {
        if (meter.equals(MeterKey.COST)) {
            out.add("\"").add(new Money(units)).add("\"");
        } else {
            out.add(units);
        }
    }

    /** As {@link LimitStatus#percent} counts, without an object where numbers are small. */
    private static void percent(AsciiText out, LimitStatus status) {
        var maximum = status.limit().maximum();
        if (maximum.unlimited() || maximum.units() == 0 || status.taken() > Long.MAX_VALUE / PER_MILLE) {
            out.add(status.percent().toString());
            return;
        }
        long tenths = status.taken() * PER_MILLE / maximum.units();
        out.add(tenths / 10).add(".").add(tenths % 10);
    }

    private static void instant(JsonGenerator json, String name, @Nullable Instant instant) throws IOException {
        if (instant == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, Times.text(instant));
        }
    }

    /** Writes an amount as the value of an open member: decimal text in dollars for cost, a whole number else. */
    public static void amount(JsonGenerator json, MeterKey meter, long units) throws IOException {
        if (meter.equals(MeterKey.COST)) {
            json.writeString(new Money(units).toString());
        } else {
            json.writeNumber(units);
        }
    }

    // A limit that was declared anew is another object, also where it is equal; comparing whole limits would cost what
    // this saves.
    @SuppressWarnings("ReferenceEquality")
    private SerializableString head(LimitStatus status) {
        // All slices of a sliding window have one head: what changes with them is written behind it.
        var counter = status.counter().whole();
        var known = kept.get(counter);
        if (known != null && known.limit == status.limit()) {
            return known.head;
        }
        var made = new Kept(status.limit(), made(status));
        if (kept.size() >= KEPT_MAX) {
            kept.clear();
        }
        kept.put(counter, made);
        return made.head;
    }

    private static SerializableString made(LimitStatus status) {
        byte[] object = Answers.bytes(json -> {
            json.writeStartObject();
            members(json, status);
            json.writeEndObject();
        });
        var text = new String(object, StandardCharsets.UTF_8);
        return new SerializedString(text.substring(BEFORE_HEAD.length(), text.length() - 1));
    }

    private static void members(JsonGenerator json, LimitStatus status) throws IOException {
        var limit = status.limit();
        var counted = limit.counted();
        boolean unlimited = limit.maximum().unlimited();
        json.writeStringField("limit", limit.key().value());
        json.writeStringField("meter", limit.meter().value());
        json.writeStringField(
                "scope", counted.scope().key() + ":" + status.counter().scopeValue());
        window(json, status);
        if (!counted.filter().patterns().isEmpty()) {
            json.writeObjectFieldStart("where");
            for (var pattern : new TreeMap<>(counted.filter().patterns()).entrySet()) {
                json.writeStringField(pattern.getKey(), pattern.getValue());
            }
            json.writeEndObject();
        }
        json.writeFieldName("max");
        if (unlimited) {
            json.writeNull();
        } else {
            amount(json, limit.meter(), limit.maximum().units());
        }
        json.writeBooleanField("unlimited", unlimited);
        action(json, limit.exceeded());
    }

    /** What a call without room meets, where it is not simply refused. */
    private static void action(JsonGenerator json, Exceeded exceeded) throws IOException {
        if (exceeded.action() == Exceeded.Action.QUEUE) {
            json.writeStringField("action", exceeded.action().key());
            json.writeNumberField("wait_ms", exceeded.queueFor().toMillis());
        }
    }

    private static void window(JsonGenerator json, LimitStatus status) throws IOException {
        var window = status.counter().window();
        switch (status.limit().counted().window()) {
            case WindowSpec.Sliding sliding -> {
                json.writeStringField("window", sliding.unit().key());
                json.writeBooleanField("sliding", true);
            }
            case WindowSpec.Calendar calendar -> bounds(json, calendar, window);
            case WindowSpec.BillingPeriod period -> bounds(json, period, window);
            case WindowSpec.Lifetime lifetime -> unbounded(json, lifetime);
            case WindowSpec.InFlight inFlight -> unbounded(json, inFlight);
        }
    }

    private static void bounds(JsonGenerator json, WindowSpec spec, Window window) throws IOException {
        json.writeStringField("window", spec.key());
        json.writeStringField("window_start", Times.text(window.start()));
        json.writeStringField("resets_at", Times.text(window.end()));
    }

    private static void unbounded(JsonGenerator json, WindowSpec spec) throws IOException {
        json.writeStringField("window", spec.key());
        json.writeNullField("window_start");
        json.writeNullField("resets_at");
    }
}
