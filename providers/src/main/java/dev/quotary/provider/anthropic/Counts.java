package dev.quotary.provider.anthropic;

import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one usage, of a message or of one round within it, as they were written. Null is as if a number were not there.
 *
 * <p>{@code cache_creation_input_tokens} is the sum of the two lives in {@code cache_creation}, never something beside them.
 */
final class Counts {
    private final Map<Count, Long> values = new EnumMap<>(Count.class);
    private @Nullable String broken;

    enum Count {
        INPUT("input_tokens"),
        CACHE_READ("cache_read_input_tokens"),
        CACHE_WRITE("cache_creation_input_tokens"),
        CACHE_WRITE_5M("ephemeral_5m_input_tokens"),
        CACHE_WRITE_1H("ephemeral_1h_input_tokens"),
        OUTPUT("output_tokens"),
        THINKING("thinking_tokens"),
        WEB_SEARCHES("web_search_requests");

        private final String member;

        Count(String member) {
            this.member = member;
        }
    }

    /** Reads the number at hand. */
    void read(Count count, JsonParser parser) throws IOException {
        if (parser.currentToken() == VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != VALUE_NUMBER_INT) {
            broken(count.member + " is not a whole number");
            parser.skipChildren();
        } else if (parser.getNumberType() == NumberType.BIG_INTEGER || parser.getLongValue() > TokenUsage.TOKENS_MAX) {
            broken(count.member + " is over " + TokenUsage.TOKENS_MAX);
        } else if (parser.getLongValue() < 0) {
            broken(count.member + " is negative: " + parser.getLongValue());
        } else if (values.put(count, parser.getLongValue()) != null) {
            broken(count.member + " occurs more than once");
        }
    }

    void broken(String reason) {
        broken = broken == null ? reason : broken;
    }

    /** What is wrong with the numbers, null if nothing is known to be. */
    @Nullable String problem() {
        if (broken != null) {
            return broken;
        }
        if (livesTold() && has(Count.CACHE_WRITE) && lives() != of(Count.CACHE_WRITE)) {
            return Count.CACHE_WRITE.member + " " + of(Count.CACHE_WRITE) + " is not the sum of its parts, " + lives();
        }
        return of(Count.THINKING) > of(Count.OUTPUT)
                ? Count.THINKING.member + " " + of(Count.THINKING) + " exceed " + Count.OUTPUT.member + " "
                        + of(Count.OUTPUT)
                : null;
    }

    private boolean livesTold() {
        return has(Count.CACHE_WRITE_5M) || has(Count.CACHE_WRITE_1H);
    }

    private long lives() {
        return of(Count.CACHE_WRITE_5M) + of(Count.CACHE_WRITE_1H);
    }

    boolean has(Count count) {
        return values.containsKey(count);
    }

    long of(Count count) {
        return values.getOrDefault(count, 0L);
    }

    /** Numbers told later count in place of earlier ones; those that are not told again stay. */
    void override(Counts later) {
        if (later.broken != null) {
            broken(later.broken);
        }
        boolean lives = later.livesTold();
        long before = of(Count.CACHE_WRITE);
        values.putAll(later.values);
        if (later.has(Count.CACHE_WRITE) && !lives) {
            grow(of(Count.CACHE_WRITE) - before);
        } else if (lives && !later.has(Count.CACHE_WRITE)) {
            values.remove(Count.CACHE_WRITE);
        }
    }

    /** The end of a stream tells the sum of all writes without their lives: what was written since counts as what was written before. */
    private void grow(long more) {
        if (more < 0) {
            broken(Count.CACHE_WRITE.member + " became less by " + -more);
        } else if (of(Count.CACHE_WRITE_5M) == 0 && of(Count.CACHE_WRITE_1H) > 0) {
            values.merge(Count.CACHE_WRITE_1H, more, Long::sum);
        } else if (livesTold()) {
            values.merge(Count.CACHE_WRITE_5M, more, Long::sum);
        }
    }

    /**
     * The counts as buckets, which is how this provider tells them: none is part of another but thinking, of the output. Nothing is counted
     * where there is a {@link #problem}.
     */
    TokenUsage tokens() {
        if (problem() != null) {
            return TokenUsage.NONE;
        }
        return TokenUsage.builder()
                .set(Component.INPUT, of(Count.INPUT))
                .set(Component.CACHED_INPUT, of(Count.CACHE_READ))
                .set(Component.CACHE_WRITE_5M, livesTold() ? of(Count.CACHE_WRITE_5M) : of(Count.CACHE_WRITE))
                .set(Component.CACHE_WRITE_1H, of(Count.CACHE_WRITE_1H))
                .set(Component.OUTPUT, of(Count.OUTPUT))
                .set(Component.WEB_SEARCHES, of(Count.WEB_SEARCHES))
                .reasoning(of(Count.THINKING))
                .build();
    }
}
