package dev.quotary.provider.anthropic;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.Operation;
import dev.quotary.provider.Operation.Unmeterable;
import dev.quotary.provider.ProviderApi;
import dev.quotary.provider.text.Tokenizers;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/** The API of Anthropic and of all that speak like it. What is not on the short list of what is known is not forwarded. */
public final class AnthropicApi implements ProviderApi {
    private static final String MESSAGES = "/v1/messages";
    private static final String MODELS = "/v1/models";
    private static final Operation POST_ONLY = new Operation.WrongMethod("POST");
    private static final Operation GET_ONLY = new Operation.WrongMethod("GET");
    private static final Operation FREE = new Operation.Free();

    private static final Operation BATCHES =
            new Unmeterable("What a batch cost is known only when its results are fetched, after the call "
                    + "has ended. Use " + MESSAGES + ", or report the results to the usage API.");
    private static final Operation FILES = new Unmeterable(
            "What a call costs that reads a stored file cannot be told from the call. Send content within " + MESSAGES
                    + ".");
    private static final Operation COMPLETIONS =
            new Unmeterable("Text completions do not report their usage. Use " + MESSAGES + ".");

    private final AnthropicMessages messages;
    private final Operation metered;

    /**
     * @param tokenizers shared by all providers, since each vocabulary takes tens of megabytes
     * @param clock tells when a refused caller may come back
     */
    public AnthropicApi(Tokenizers tokenizers, InstantSource clock) {
        this.messages = new AnthropicMessages(tokenizers, clock);
        this.metered = new Operation.Metered(messages);
    }

    @Override
    public Operation operation(String method, String path) {
        return switch (path) {
            case MESSAGES -> method.equals("POST") ? metered : POST_ONLY;
            case MESSAGES + "/count_tokens" -> method.equals("POST") ? FREE : POST_ONLY;
            case MODELS -> method.equals("GET") ? FREE : GET_ONLY;
            case "/v1/complete" -> COMPLETIONS;
            default -> other(method, path);
        };
    }

    private static Operation other(String method, String path) {
        if (path.startsWith(MODELS + "/") && !leaves(path)) {
            return method.equals("GET") ? FREE : GET_ONLY;
        }
        if (path.startsWith(MESSAGES + "/batches")) {
            return BATCHES;
        }
        return path.equals("/v1/files") || path.startsWith("/v1/files/") ? FILES : Unmeterable.UNKNOWN;
    }

    /** Whether a provider may take it for a path outside the one it seems to be in: dots may be written as they are, or encoded. */
    private static boolean leaves(String path) {
        return path.contains("..") || path.toLowerCase(Locale.ROOT).contains("%2e") || path.contains("\\");
    }

    @Override
    public ErrorShape errors() {
        return messages.errors();
    }

    /** As all versions of the API take it; the SDKs of 2026 also send it as a bearer token. */
    @Override
    public KeyHeader keyHeader(String key) {
        return new KeyHeader("x-api-key", key);
    }

    @Override
    public Optional<AnswerFacts> readAnswer(byte[] body) {
        return messages.readReported(body);
    }
}
