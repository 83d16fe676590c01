package dev.quotary.provider.gemini;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a {@code usageMetadata} object into {@link UsageCounts}. */
final class UsageReader {
    private static final int TIER_LENGTH_MAX = 64;

    private final Map<Count, Long> counts = new EnumMap<>(Count.class);
    private Optional<String> tier = Optional.empty();
    private @Nullable String broken;

    private UsageReader() {}

    /**
     * What was read.
     *
     * @param tier the word for the service tier, if there is one
     */
    record Read(UsageReading usage, Optional<String> tier) {}

    /** Reads the object that the parser stands at the start of, to its end. */
    static Read read(JsonParser parser, UsageCounts.Kind kind) throws IOException {
        var reader = new UsageReader();
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            reader.member(name, parser);
        }
        UsageReading usage =
                reader.broken != null ? new Broken(reader.broken) : new UsageCounts(reader.counts, kind).reading();
        return new Read(usage, reader.tier);
    }

    private void member(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "promptTokenCount", "prompt_token_count" -> count(Count.PROMPT, parser);
            case "cachedContentTokenCount", "cached_content_token_count" -> count(Count.CACHED, parser);
            case "candidatesTokenCount", "candidates_token_count" -> count(Count.CANDIDATES, parser);
            case "toolUsePromptTokenCount", "tool_use_prompt_token_count" -> count(Count.TOOL_USE, parser);
            case "thoughtsTokenCount", "thoughts_token_count" -> count(Count.THOUGHTS, parser);
            case "totalTokenCount", "total_token_count" -> count(Count.TOTAL, parser);
            case "promptTokensDetails", "prompt_tokens_details" -> details(Count.PROMPT, parser);
            case "cacheTokensDetails", "cache_tokens_details" -> details(Count.CACHED, parser);
            case "candidatesTokensDetails", "candidates_tokens_details" -> details(Count.CANDIDATES, parser);
            case "toolUsePromptTokensDetails", "tool_use_prompt_tokens_details" -> details(Count.TOOL_USE, parser);
            case "serviceTier", "service_tier", "trafficType", "traffic_type" -> tier(parser);
            default -> parser.skipChildren();
        }
    }

    private void tier(JsonParser parser) throws IOException {
        if (parser.currentToken() == VALUE_STRING && parser.getTextLength() <= TIER_LENGTH_MAX) {
            tier = Optional.of(parser.getText()).filter(word -> !word.isEmpty()).or(() -> tier);
        } else {
            parser.skipChildren();
        }
    }

    private void count(Count count, JsonParser parser) throws IOException {
        number(count.member(), parser).ifPresent(tokens -> {
            if (counts.put(count, tokens) != null) {
                broken(count.member() + " occurs more than once");
            }
        });
    }

    /** The whole number at hand; a null is none, and anything else is told as broken. */
    private Optional<Long> number(String member, JsonParser parser) throws IOException {
        if (parser.currentToken() == VALUE_NULL) {
            return Optional.empty();
        }
        if (parser.currentToken() != VALUE_NUMBER_INT) {
            broken(member + " is not a whole number");
            parser.skipChildren();
        } else if (parser.getNumberType() == NumberType.BIG_INTEGER || parser.getLongValue() > TokenUsage.TOKENS_MAX) {
            broken(member + " is over " + TokenUsage.TOKENS_MAX);
        } else if (parser.getLongValue() < 0) {
            broken(member + " is negative: " + parser.getLongValue());
        } else {
            return Optional.of(parser.getLongValue());
        }
        return Optional.empty();
    }

    /** Which part of a count was of which modality. */
    private void details(Count whole, JsonParser parser) throws IOException {
        if (parser.currentToken() == VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != START_ARRAY) {
            broken("the details of " + whole.member() + " are not an array");
            parser.skipChildren();
            return;
        }
        JsonToken next = parser.nextToken();
        while (next != END_ARRAY && next != null) {
            if (next == START_OBJECT) {
                detail(whole, parser);
            } else {
                broken("the details of " + whole.member() + " are not objects");
                parser.skipChildren();
            }
            next = parser.nextToken();
        }
    }

    private void detail(Count whole, JsonParser parser) throws IOException {
        String modality = "";
        long tokens = 0;
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "modality" -> {
                    modality = parser.currentToken() == VALUE_STRING ? parser.getText() : "";
                    parser.skipChildren();
                }
                case "tokenCount", "token_count" ->
                    tokens = number("tokenCount", parser).orElse(0L);
                default -> parser.skipChildren();
            }
        }
        long added = tokens;
        Count.part(whole, modality).ifPresent(part -> add(part, added));
    }

    /** A modality may occur more than once; then its parts add up. */
    private void add(Count part, long tokens) {
        long sum = counts.getOrDefault(part, 0L) + tokens;
        if (sum > TokenUsage.TOKENS_MAX) {
            broken("the details of " + part.member() + " are over " + TokenUsage.TOKENS_MAX);
        } else {
            counts.put(part, sum);
        }
    }

    private void broken(String reason) {
        broken = broken == null ? reason : broken;
    }
}
