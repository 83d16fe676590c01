package dev.quotary.provider.gemini;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.Operation;
import dev.quotary.provider.Operation.Unmeterable;
import dev.quotary.provider.ProviderApi;
import dev.quotary.provider.WireFormat;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.Tokenizers;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The Gemini API, as Google serves it to developers and in Vertex AI. What is not on the short list of what is known is not forwarded. */
public final class GeminiApi implements ProviderApi {
    private static final Operation POST_ONLY = new Operation.WrongMethod("POST");
    private static final Operation GET_ONLY = new Operation.WrongMethod("GET");
    private static final Operation FREE = new Operation.Free();

    private static final Operation BATCH = new Unmeterable(
            "A batch is worked off later, and what it cost is told in its results only. Send its requests one by one.");
    private static final Operation SOCKET =
            new Unmeterable("What passes through a socket cannot be metered. Use streamGenerateContent.");
    private static final Operation PREDICTION = new Unmeterable(
            "Predictions are billed by what they make, and the answer does not tell. Use generateContent.");
    private static final Operation STORED = new Unmeterable(
            "What is kept at the provider is billed by the hour, or used later. Send it within the call.");
    private static final Operation INTERACTION = new Unmeterable(
            "Interactions go on at the provider, with context that is not in the call. Use generateContent.");
    private static final Operation COMPATIBLE = new Unmeterable(
            "For OpenAI's format declare another provider, of kind openai, whose base_url ends with /v1beta/openai.");

    private static final Map<String, Operation> METHODS = Map.of(
            "countTokens", FREE,
            "computeTokens", FREE,
            "batchGenerateContent", BATCH,
            "asyncBatchEmbedContent", BATCH,
            "bidiGenerateContent", SOCKET,
            "predict", PREDICTION,
            "predictLongRunning", PREDICTION);

    private static final Map<String, Operation> COLLECTIONS = Map.of(
            "interactions", INTERACTION,
            "batches", BATCH,
            "operations", BATCH,
            "files", STORED,
            "cachedContents", STORED,
            "fileSearchStores", STORED,
            "corpora", STORED,
            "openai", COMPATIBLE);

    private static final Set<String> ANSWER_MEMBERS =
            Set.of("usageMetadata", "usage_metadata", "candidates", "promptFeedback");
    private static final Set<String> EMBEDDING_MEMBERS = Set.of("embedding", "embeddings");

    private final Json json = new Json();
    private final WireFormat content;
    private final WireFormat embedding;
    private final Map<String, Operation> metered;

    /** @param tokenizers shared by all providers, since each vocabulary takes tens of megabytes */
    public GeminiApi(Tokenizers tokenizers) {
        var context = new GeminiContext(json, tokenizers, new GeminiErrors(json, false));
        content = new GenerateFormat(false, context);
        embedding = new EmbedFormat("gemini.embedContent", context);
        metered = Map.of(
                "generateContent", new Operation.Metered(content),
                "streamGenerateContent", new Operation.Metered(new GenerateFormat(true, context)),
                "embedContent", new Operation.Metered(embedding),
                "batchEmbedContents", new Operation.Metered(new EmbedFormat("gemini.batchEmbedContents", context)));
    }

    @Override
    public Operation operation(String method, String path) {
        var call = GeminiPath.of(path);
        if (call.isPresent()) {
            var operation = Optional.ofNullable(metered.get(call.get().method()))
                    .or(() -> Optional.ofNullable(METHODS.get(call.get().method())))
                    .orElse(Unmeterable.UNKNOWN);
            return method.equals("POST") || operation instanceof Unmeterable ? operation : POST_ONLY;
        }
        if (GeminiPath.listsModels(path)) {
            return method.equals("GET") ? FREE : GET_ONLY;
        }
        return unmeterable(path);
    }

    /** Why a path is not forwarded: some are known well enough to say. */
    private static Operation unmeterable(String path) {
        if (path.startsWith("/ws/")) {
            return SOCKET;
        }
        if (path.startsWith("/upload/")) {
            return STORED;
        }
        String[] segments = path.split("/", 4);
        String collection = segments.length > 2 ? segments[2] : "";
        int colon = collection.indexOf(':');
        return COLLECTIONS.getOrDefault(colon < 0 ? collection : collection.substring(0, colon), Unmeterable.UNKNOWN);
    }

    @Override
    public ErrorShape errors() {
        return content.errors();
    }

    @Override
    public KeyHeader keyHeader(String key) {
        return new KeyHeader("x-goog-api-key", key);
    }

    @Override
    public Optional<AnswerFacts> readAnswer(byte[] body) {
        var members = json.members(body);
        if (members.stream().anyMatch(EMBEDDING_MEMBERS::contains)) {
            return Optional.of(embedding.readAnswer(body));
        }
        return members.stream().anyMatch(ANSWER_MEMBERS::contains)
                ? Optional.of(content.readAnswer(body))
                : Optional.empty();
    }
}
