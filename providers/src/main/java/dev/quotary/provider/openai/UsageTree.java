package dev.quotary.provider.openai;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.UsageReading.Broken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The numbers and words of one usage object, by their paths such as {@code input_tokens_details.cached_tokens}. What nobody asks for may
 * be anything: only members that are asked for can be wrong. For one thread.
 */
public final class UsageTree {
    private static final int MEMBERS_MAX = 256;
    private static final int VALUE_LENGTH_MAX = 256;
    private static final int DEPTH_MAX = 8;
    private static final int DIGITS_MAX = 9;
    private static final int DECIMALS_MAX = 64;
    private static final BigDecimal COUNT_MAX = BigDecimal.valueOf(TokenUsage.TOKENS_MAX);

    private final Map<String, Value> values = new HashMap<>();
    private final Set<String> repeated = new HashSet<>();
    private @Nullable String wrong;

    private record Value(JsonToken kind, String text) {}

    private UsageTree() {}

    /** Reads the object that the parser stands at the start of, to its end. */
    public static UsageTree read(JsonParser parser) throws IOException {
        var tree = new UsageTree();
        tree.object("", 0, parser);
        return tree;
    }

    private void object(String prefix, int depth, JsonParser parser) throws IOException {
        while (parser.nextToken() == FIELD_NAME) {
            String path = prefix + parser.currentName();
            JsonToken kind = parser.nextToken();
            if (kind == JsonToken.START_OBJECT && depth < DEPTH_MAX && path.length() <= VALUE_LENGTH_MAX) {
                put(path, new Value(kind, ""));
                object(path + ".", depth + 1, parser);
            } else if (kind == JsonToken.START_ARRAY || kind == JsonToken.START_OBJECT) {
                parser.skipChildren();
                put(path, new Value(kind, ""));
            } else if (kind != JsonToken.VALUE_NULL) {
                boolean readable = parser.getTextLength() <= VALUE_LENGTH_MAX;
                put(path, new Value(readable ? kind : JsonToken.NOT_AVAILABLE, readable ? parser.getText() : ""));
            }
        }
    }

    private void put(String path, Value value) {
        if (values.put(path, value) != null) {
            repeated.add(path);
        }
        if (values.size() > MEMBERS_MAX) {
            wrong("usage has more than " + MEMBERS_MAX + " members");
            values.clear();
        }
    }

    /** Notes that the usage cannot be relied on. */
    public void wrong(String reason) {
        wrong = wrong == null ? reason : wrong;
    }

    /** The first thing that was wrong with what was asked for. */
    public Optional<Broken> broken() {
        return Optional.ofNullable(wrong).map(Broken::new);
    }

    /** Whether there is such a member, other than null. */
    public boolean has(String path) {
        return values.containsKey(path);
    }

    /** A count of 0 or more; 0 if there is none. Notes what is wrong with it. */
    public long count(String path) {
        @Nullable Value value = values.get(path);
        if (value == null) {
            return 0;
        }
        if (repeated.contains(path)) {
            wrong(path + " occurs more than once");
        } else if (value.kind != JsonToken.VALUE_NUMBER_INT) {
            wrong(path + " is not a whole number");
        } else {
            return bounded(path, new BigDecimal(value.text));
        }
        return 0;
    }

    private long bounded(String path, BigDecimal count) {
        if (count.signum() < 0) {
            wrong(path + " is negative: " + count);
        } else if (count.compareTo(COUNT_MAX) > 0) {
            wrong(path + " is over " + TokenUsage.TOKENS_MAX);
        } else {
            return count.longValueExact();
        }
        return 0;
    }

    /** A number of 0 or more with decimals, such as of seconds or dollars. Notes what is wrong with it. */
    public Optional<BigDecimal> decimal(String path) {
        @Nullable Value value = values.get(path);
        if (value == null || !value.kind.isNumeric()) {
            return Optional.empty();
        }
        var number = new BigDecimal(value.text);
        long digits = (long) number.precision() - number.scale();
        // Judged by its digits alone: any arithmetic on 1e999999999 would write out a billion of them.
        if (number.signum() < 0 || digits > DIGITS_MAX || number.scale() > DECIMALS_MAX || repeated.contains(path)) {
            wrong(path + " is not a plausible number");
            return Optional.empty();
        }
        return Optional.of(number.scale() < 0 ? number.setScale(0) : number);
    }

    /** Whether it is {@code true}. */
    public boolean truth(String path) {
        @Nullable Value value = values.get(path);
        return value != null && value.kind == JsonToken.VALUE_TRUE;
    }

    /** A word, if it is a string. */
    public Optional<String> text(String path) {
        @Nullable Value value = values.get(path);
        return value == null || value.kind != JsonToken.VALUE_STRING || value.text.isBlank()
                ? Optional.empty()
                : Optional.of(value.text);
    }
}
