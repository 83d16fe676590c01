package dev.quotary.provider.openai;

import com.knuddels.jtokkit.api.Encoding;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.PromptCount;
import dev.quotary.provider.text.Tokenizers;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Makes the estimators of calls; what they share is here. May be shared by threads. */
public final class ChatEstimating {
    /** So much of a request is kept for its estimate and counted; the rest is taken to be like it. */
    static final int REQUEST_BYTES_MAX = 256 * 1024;

    /** Tokens beyond the tenth: a short text may differ by more. */
    private static final int COUNT_MARGIN = 20;

    private final Json json;
    private final Tokenizers tokenizers;
    private final int percent;
    private final boolean publishedVocabulary;

    public ChatEstimating(Json json, Tokenizers tokenizers, ChatDialect dialect) {
        this.json = json;
        this.tokenizers = tokenizers;
        this.percent = dialect.estimatePercent();
        this.publishedVocabulary = dialect.publishedVocabulary();
    }

    UsageEstimator chat(byte[] body, RequestFacts facts) {
        return new ChatEstimator(this, facts, beginning(body));
    }

    /** @param members of the request that the model reads */
    public UsageEstimator texts(byte[] body, RequestFacts facts, Set<String> members) {
        return new TextEstimator(this, facts, beginning(body), members);
    }

    /** A closer bound of a chat's input; empty where the vocabulary is not known. */
    Optional<InputBound> countedChat(byte[] body, RequestFacts facts) {
        if (!publishedVocabulary) {
            return Optional.empty();
        }
        var prompt = PromptTokens.count(json, beginning(body), tokenizers.of(facts.model()));
        return Optional.of(counted(prompt.tokens(), prompt.countedBytes(), facts));
    }

    /** A closer bound of the input in some members; empty where the vocabulary is not known. */
    public Optional<InputBound> countedTexts(byte[] body, RequestFacts facts, Set<String> members) {
        if (!publishedVocabulary) {
            return Optional.empty();
        }
        var texts = TextTokens.count(json, beginning(body), tokenizers.of(facts.model()), members);
        return Optional.of(counted(texts.tokens(), texts.countedBytes(), facts));
    }

    /** What was counted, with a tenth more for what a vocabulary newer than ours may add; what was not counted stays at its bytes. */
    private static InputBound counted(long tokens, long countedBytes, RequestFacts facts) {
        long uncounted = Math.max(0, facts.input().textBytes() - countedBytes);
        return facts.input().withText(Math.ceilDiv(tokens * 11, 10) + COUNT_MARGIN + uncounted);
    }

    private static byte[] beginning(byte[] body) {
        return body.length <= REQUEST_BYTES_MAX ? body : Arrays.copyOf(body, REQUEST_BYTES_MAX);
    }

    /** In the vocabulary of the server's family; never more than a usage may carry. */
    long adapted(long tokens) {
        return Math.min(Math.ceilDiv(tokens * percent, 100), TokenUsage.TOKENS_MAX);
    }

    /** The answer's tokens. */
    public long written(OutputText output, Encoding encoding) {
        return adapted(
                PromptCount.projected(encoding.countTokensOrdinary(output.kept()), output.keptBytes(), output.bytes()));
    }

    Json json() {
        return json;
    }

    public Tokenizers tokenizers() {
        return tokenizers;
    }
}
