package dev.quotary.provider.openai;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.Operation;
import dev.quotary.provider.ProviderApi;
import dev.quotary.provider.WireFormat;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.Tokenizers;
import java.util.Locale;
import java.util.Optional;

/** The API of OpenAI and of all that speak like it. What is not on the short list of what is known is not forwarded. */
public final class OpenAiApi implements ProviderApi {
    private static final String MODELS = "/v1/models";
    private static final Operation POST_ONLY = new Operation.WrongMethod("POST");
    private static final Operation GET_ONLY = new Operation.WrongMethod("GET");
    private static final Operation FREE = new Operation.Free();

    private final Json json = new Json();
    private final WireFormat chat;
    private final Operation chatCompletions;

    /** @param tokenizers shared by all providers, since each vocabulary takes tens of megabytes */
    public OpenAiApi(ChatDialect dialect, Tokenizers tokenizers) {
        this.chat = new OpenAiChat(dialect, tokenizers);
        this.chatCompletions = new Operation.Metered(chat);
    }

    @Override
    public Operation operation(String method, String path) {
        if (path.equals("/v1/chat/completions")) {
            return method.equals("POST") ? chatCompletions : POST_ONLY;
        }
        if (path.equals(MODELS) || (path.startsWith(MODELS + "/") && !leaves(path))) {
            return method.equals("GET") ? FREE : GET_ONLY;
        }
        return Operation.Unmeterable.UNKNOWN;
    }

    /** Whether a provider may take it for a path outside the one it seems to be in: dots may be written as they are, or encoded. */
    private static boolean leaves(String path) {
        return path.contains("..") || path.toLowerCase(Locale.ROOT).contains("%2e") || path.contains("\\");
    }

    @Override
    public ErrorShape errors() {
        return chat.errors();
    }

    @Override
    public KeyHeader keyHeader(String key) {
        return KeyHeader.bearer(key);
    }

    @Override
    public Optional<AnswerFacts> readAnswer(byte[] body) {
        return json.members(body).contains("choices") ? Optional.of(chat.readAnswer(body)) : Optional.empty();
    }
}
