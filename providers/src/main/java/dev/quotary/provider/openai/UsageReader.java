package dev.quotary.provider.openai;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_FLOAT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_TRUE;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Reported;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code usage} object and makes its buckets disjoint.
 *
 * <p>OpenAI's counts include each other: cached, written and audio tokens are inside {@code prompt_tokens}, reasoning and audio inside
 * {@code completion_tokens}. xAI's reasoning is outside, and so are the thoughts of Gemini's OpenAI-compatible endpoint, which the total
 * alone shows. One rule covers them: what the total has beyond prompt and completion was written by the model as well.
 */
final class UsageReader {
    private static final int COST_DIGITS_MAX = 9;
    private static final int COST_DECIMALS_MAX = 64;

    /** xAI counts money in ticks of 10<sup>-10</sup> USD. */
    private static final int TICK_DECIMALS = 10;

    private final Map<Count, Long> counts = new EnumMap<>(Count.class);
    private @Nullable BigDecimal cost;
    private @Nullable BigDecimal upstreamCost;
    private boolean ownKey;
    private @Nullable BigDecimal ticks;
    private @Nullable String broken;

    private enum Count {
        PROMPT("prompt_tokens"),
        COMPLETION("completion_tokens"),
        TOTAL("total_tokens"),
        CACHED("cached_tokens"),
        CACHE_WRITE("cache_write_tokens"),
        INPUT_AUDIO("audio_tokens"),
        OUTPUT_AUDIO("audio_tokens"),
        REASONING("reasoning_tokens");

        private final String member;

        Count(String member) {
            this.member = member;
        }
    }

    private UsageReader() {}

    /** Reads the object that the parser stands at the start of, to its end. */
    static UsageReading read(JsonParser parser) throws IOException {
        var reader = new UsageReader();
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            reader.member(name, parser);
        }
        return reader.reading();
    }

    private void member(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "prompt_tokens" -> count(Count.PROMPT, parser);
            case "completion_tokens" -> count(Count.COMPLETION, parser);
            case "total_tokens" -> count(Count.TOTAL, parser);
            case "prompt_tokens_details", "completion_tokens_details" -> details(name, parser);
            case "cost_in_usd_ticks" -> ticks(parser);
            case "cost" -> cost = dollars(name, cost, parser);
            case "is_byok" -> {
                ownKey = parser.currentToken() == VALUE_TRUE;
                parser.skipChildren();
            }
            case "cost_details" -> costDetails(parser);
            default -> parser.skipChildren();
        }
    }

    private void details(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() == VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != START_OBJECT) {
            broken(name + " is not an object");
            parser.skipChildren();
            return;
        }
        boolean prompt = name.equals("prompt_tokens_details");
        while (parser.nextToken() == FIELD_NAME) {
            String detail = parser.currentName();
            parser.nextToken();
            if (prompt) {
                promptDetail(detail, parser);
            } else {
                completionDetail(detail, parser);
            }
        }
    }

    private void promptDetail(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "cached_tokens" -> count(Count.CACHED, parser);
            case "cache_write_tokens" -> count(Count.CACHE_WRITE, parser);
            case "audio_tokens" -> count(Count.INPUT_AUDIO, parser);
            default -> parser.skipChildren();
        }
    }

    private void completionDetail(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "reasoning_tokens" -> count(Count.REASONING, parser);
            case "audio_tokens" -> count(Count.OUTPUT_AUDIO, parser);
            default -> parser.skipChildren();
        }
    }

    private void count(Count count, JsonParser parser) throws IOException {
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
        } else if (counts.put(count, parser.getLongValue()) != null) {
            broken(count.member + " occurs more than once");
        }
    }

    private void ticks(JsonParser parser) throws IOException {
        if (parser.currentToken() == VALUE_NULL) {
            return;
        }
        if (parser.currentToken() == VALUE_NUMBER_INT
                && parser.getNumberType() != NumberType.BIG_INTEGER
                && parser.getLongValue() >= 0) {
            ticks = BigDecimal.valueOf(parser.getLongValue(), TICK_DECIMALS);
        } else {
            broken("cost_in_usd_ticks is not a whole number of 0 or more");
            parser.skipChildren();
        }
    }

    private void costDetails(JsonParser parser) throws IOException {
        if (parser.currentToken() != START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("upstream_inference_cost")) {
                upstreamCost = dollars(name, upstreamCost, parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** OpenRouter's credits, which are dollars. Other servers put an object of their own here; that is not read. */
    private @Nullable BigDecimal dollars(String name, @Nullable BigDecimal before, JsonParser parser)
            throws IOException {
        if (parser.currentToken() != VALUE_NUMBER_INT && parser.currentToken() != VALUE_NUMBER_FLOAT) {
            parser.skipChildren();
            return before;
        }
        BigDecimal dollars = parser.getDecimalValue();
        long digits = (long) dollars.precision() - dollars.scale();
        // Judged by its digits alone: any arithmetic on 1e999999999 would write out a billion of them.
        if (dollars.signum() < 0 || digits > COST_DIGITS_MAX || dollars.scale() > COST_DECIMALS_MAX) {
            broken(name + " is not a plausible number of dollars");
            return before;
        }
        return dollars.scale() < 0 ? dollars.setScale(0) : dollars;
    }

    /**
     * What the call cost, if the server says it. Where a client's own key at the provider is used, OpenRouter's cost is its fee alone, and
     * the provider charges the rest beside it; where that is not told, nothing is known of it here.
     */
    private Optional<BigDecimal> told() {
        if (ticks != null) {
            return Optional.of(ticks);
        }
        if (cost == null || !ownKey) {
            return Optional.ofNullable(cost);
        }
        return upstreamCost == null ? Optional.empty() : Optional.of(cost.add(upstreamCost));
    }

    private void broken(String reason) {
        broken = broken == null ? reason : broken;
    }

    private UsageReading reading() {
        if (broken != null) {
            return new Broken(broken);
        }
        if (!counts.containsKey(Count.PROMPT)) {
            return new Broken("usage without prompt_tokens");
        }
        if (!counts.containsKey(Count.COMPLETION) && !counts.containsKey(Count.TOTAL)) {
            return new Broken("usage without completion_tokens and total_tokens");
        }
        return disjoint();
    }

    private UsageReading disjoint() {
        long prompt = of(Count.PROMPT);
        long completion = of(Count.COMPLETION);
        long extra = counts.getOrDefault(Count.TOTAL, prompt + completion) - prompt - completion;
        long input = prompt - of(Count.CACHED) - of(Count.CACHE_WRITE) - of(Count.INPUT_AUDIO);
        long output = completion + extra - of(Count.OUTPUT_AUDIO);
        if (extra < 0) {
            return new Broken(
                    "total_tokens " + of(Count.TOTAL) + " is below the sum of " + prompt + " and " + completion);
        }
        if (input < 0) {
            return new Broken("the parts of prompt_tokens exceed " + prompt);
        }
        if (output < of(Count.REASONING)) {
            return new Broken("the parts of completion_tokens exceed " + (completion + extra));
        }
        var tokens = TokenUsage.builder()
                .set(Component.INPUT, input)
                .set(Component.CACHED_INPUT, of(Count.CACHED))
                .set(Component.CACHE_WRITE_5M, of(Count.CACHE_WRITE))
                .set(Component.INPUT_AUDIO, of(Count.INPUT_AUDIO))
                .set(Component.OUTPUT, output)
                .set(Component.OUTPUT_AUDIO, of(Count.OUTPUT_AUDIO))
                .reasoning(of(Count.REASONING))
                .build();
        return new Reported(tokens, told());
    }

    private long of(Count count) {
        return counts.getOrDefault(count, 0L);
    }
}
