package dev.quotary.provider.openai.responses;

import dev.quotary.price.Component;
import dev.quotary.price.PartUsage;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Partial;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.openai.ImageTokens;
import dev.quotary.provider.openai.ProviderCost;
import dev.quotary.provider.openai.UsageTree;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the buckets of a response disjoint: cached and written tokens are inside {@code input_tokens}, reasoning inside
 * {@code output_tokens}; what the total has beyond both was written as well (xAI's reasoning). Tools are told beside, in
 * {@code tool_usage}.
 */
final class ResponseUsage {
    /** What makes images where a response does not name the model: the default of the tool. */
    static final String IMAGE_MODEL_DEFAULT = "gpt-image-1";

    private static final String IMAGE = "image_gen.";
    private static final String SEARCHES = "web_search.num_requests";

    private ResponseUsage() {}

    /** @param failed whether the response failed: without usage it was then not billed */
    static UsageReading read(
            @Nullable UsageTree usage, @Nullable UsageTree toolUsage, ToolCalls toolCalls, boolean failed) {
        if (usage == null) {
            return failed ? new Reported(TokenUsage.NONE, Optional.empty()) : new Missing();
        }
        var tokens = tokens(usage);
        var cost = ProviderCost.read(usage);
        var parts = parts(toolUsage, toolCalls);
        // Searches that only the output shows are a guess at what was billed; a cost that the provider names has them
        // in it.
        var told = Optional.ofNullable(toolUsage).filter(tree -> tree.has(SEARCHES));
        long seen = cost.isPresent() ? 0 : toolCalls.webSearches();
        tokens.set(
                        Component.WEB_SEARCHES,
                        told.map(tree -> tree.count(SEARCHES)).orElse(seen))
                .set(Component.FILE_SEARCHES, cost.isPresent() ? 0 : toolCalls.fileSearches());
        Optional<UsageReading.Broken> broken =
                usage.broken().or(() -> Optional.ofNullable(toolUsage).flatMap(UsageTree::broken));
        if (broken.isPresent()) {
            return broken.get();
        }
        return told.isPresent() || seen == 0
                ? new Reported(tokens.build(), cost, parts)
                : new Partial(tokens.build(), cost, parts);
    }

    private static TokenUsage.Builder tokens(UsageTree usage) {
        long input = usage.count("input_tokens");
        long output = usage.count("output_tokens");
        long total = usage.has("total_tokens") ? usage.count("total_tokens") : input + output;
        long cached = usage.count("input_tokens_details.cached_tokens");
        long written = usage.count("input_tokens_details.cache_write_tokens");
        long longLived = usage.count("input_tokens_details.cache_write_tokens_details.ttl_12h_tokens");
        long reasoning = usage.count("output_tokens_details.reasoning_tokens");
        if (!usage.has("input_tokens") || !usage.has("output_tokens")) {
            usage.wrong("usage without input_tokens and output_tokens");
        } else if (cached + written > input || longLived > written) {
            usage.wrong("the parts of input_tokens exceed " + input);
        } else if (total < input + output) {
            usage.wrong("total_tokens " + total + " is below the sum of " + input + " and " + output);
        } else if (reasoning > total - input) {
            usage.wrong("the parts of output_tokens exceed " + (total - input));
        }
        return TokenUsage.builder()
                .set(Component.INPUT, input - cached - written)
                .set(Component.CACHED_INPUT, cached)
                .set(Component.CACHE_WRITE_5M, written - longLived)
                .set(Component.CACHE_WRITE_1H, longLived)
                .set(Component.OUTPUT, total - input)
                .reasoning(reasoning);
    }

    private static List<PartUsage> parts(@Nullable UsageTree toolUsage, ToolCalls toolCalls) {
        if (toolUsage == null || !toolUsage.has("image_gen")) {
            return List.of();
        }
        var tokens = ImageTokens.read(toolUsage, IMAGE);
        return tokens.equals(TokenUsage.NONE)
                ? List.of()
                : List.of(new PartUsage(toolCalls.imageModel().orElse(IMAGE_MODEL_DEFAULT), tokens));
    }
}
