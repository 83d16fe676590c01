package dev.quotary.provider.openai;

import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.Tokenizers;

/**
 * What all formats of one dialect share. Immutable.
 *
 * @param estimating counts with the vocabulary of the dialect
 */
public record OpenAiShared(Json json, ChatDialect dialect, ChatEstimating estimating, OpenAiErrors errors) {
    /** @param tokenizers shared by all dialects, since each vocabulary takes tens of megabytes */
    public static OpenAiShared of(ChatDialect dialect, Tokenizers tokenizers) {
        var json = new Json();
        return new OpenAiShared(json, dialect, new ChatEstimating(json, tokenizers, dialect), new OpenAiErrors(json));
    }
}
