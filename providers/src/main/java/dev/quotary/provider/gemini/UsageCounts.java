package dev.quotary.provider.gemini;

import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Reported;
import java.util.Map;
import java.util.Optional;

/**
 * Makes Gemini's counts disjoint, which are mixed: cached tokens are inside the prompt, thoughts are outside the candidates, and what tools
 * added to the prompt is outside it. What the model did not do is left out rather than 0.
 *
 * <p>The total is the sum of the four. Where the candidates or the thoughts are left out, what the total has beyond the others is theirs;
 * any other difference is a contradiction.
 */
record UsageCounts(Map<Count, Long> counts, Kind kind) {
    /** What the usage is of. */
    enum Kind {
        /** Images and video that are read cost as much as text. */
        CONTENT,
        /** Embeddings have prices by modality. */
        EMBEDDING
    }

    UsageReading reading() {
        if (!counts.containsKey(Count.PROMPT)) {
            return new Broken("usage without promptTokenCount");
        }
        if (kind == Kind.EMBEDDING && of(Count.PROMPT_VIDEO) > 0) {
            return new Broken("video of embeddings has no price of its own here");
        }
        long known = of(Count.PROMPT) + of(Count.TOOL_USE) + of(Count.CANDIDATES) + of(Count.THOUGHTS);
        long total = counts.getOrDefault(Count.TOTAL, known);
        boolean partsLeftOut = !counts.containsKey(Count.CANDIDATES) || !counts.containsKey(Count.THOUGHTS);
        if (total < known || (total > known && !partsLeftOut)) {
            return new Broken("totalTokenCount " + total + " is not the sum of its parts, " + known);
        }
        return disjoint(total - known);
    }

    /** @param untold tokens that the model wrote and only the total tells */
    private UsageReading disjoint(long untold) {
        long audio = of(Count.PROMPT_AUDIO) - of(Count.CACHED_AUDIO);
        long images = kind == Kind.EMBEDDING ? of(Count.PROMPT_IMAGE) : 0;
        long read = of(Count.PROMPT) - of(Count.CACHED) - audio - images;
        long fromTools = of(Count.TOOL_USE) - of(Count.TOOL_USE_AUDIO);
        long written = of(Count.CANDIDATES) - of(Count.WRITTEN_AUDIO) - of(Count.WRITTEN_IMAGE);
        if (audio < 0 || read < 0 || of(Count.CACHED) < of(Count.CACHED_AUDIO)) {
            return new Broken("the parts of promptTokenCount exceed " + of(Count.PROMPT));
        }
        if (fromTools < 0) {
            return new Broken("the parts of toolUsePromptTokenCount exceed " + of(Count.TOOL_USE));
        }
        if (written < 0) {
            return new Broken("the parts of candidatesTokenCount exceed " + of(Count.CANDIDATES));
        }
        try {
            return new Reported(
                    TokenUsage.builder()
                            .set(Component.INPUT, read + fromTools)
                            .set(Component.CACHED_INPUT, of(Count.CACHED))
                            .set(Component.INPUT_AUDIO, audio + of(Count.TOOL_USE_AUDIO))
                            .set(Component.INPUT_IMAGE, images)
                            .set(Component.OUTPUT, written + of(Count.THOUGHTS) + untold)
                            .set(Component.OUTPUT_AUDIO, of(Count.WRITTEN_AUDIO))
                            .set(Component.OUTPUT_IMAGE, of(Count.WRITTEN_IMAGE))
                            .reasoning(of(Count.THOUGHTS))
                            .build(),
                    Optional.empty());
        } catch (IllegalArgumentException e) {
            return new Broken("the counts together are over " + TokenUsage.TOKENS_MAX);
        }
    }

    private long of(Count count) {
        return counts.getOrDefault(count, 0L);
    }
}
