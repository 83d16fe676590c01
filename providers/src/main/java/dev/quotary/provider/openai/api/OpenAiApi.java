package dev.quotary.provider.openai.api;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.Operation;
import dev.quotary.provider.ProviderApi;
import dev.quotary.provider.WireFormat;
import dev.quotary.provider.openai.ChatDialect;
import dev.quotary.provider.openai.OpenAiChat;
import dev.quotary.provider.openai.OpenAiCompletions;
import dev.quotary.provider.openai.OpenAiShared;
import dev.quotary.provider.openai.audio.OpenAiSpeech;
import dev.quotary.provider.openai.audio.OpenAiTranscriptions;
import dev.quotary.provider.openai.embeddings.OpenAiEmbeddings;
import dev.quotary.provider.openai.images.OpenAiImages;
import dev.quotary.provider.openai.responses.OpenAiResponses;
import dev.quotary.provider.text.Tokenizers;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The API of OpenAI and of all that speak like it. What is not on the list of what is known is not forwarded. */
public final class OpenAiApi implements ProviderApi {
    private static final String RESPONSES = "/v1/responses";
    private static final Operation POST_ONLY = new Operation.WrongMethod("POST");
    private static final Operation GET_ONLY = new Operation.WrongMethod("GET");
    private static final Operation FREE = new Operation.Free();

    private final OpenAiShared shared;
    private final WireFormat chat;
    private final WireFormat responses;
    private final WireFormat embeddings;
    private final WireFormat images;
    private final WireFormat transcriptions;
    private final Map<String, Operation> metered = new LinkedHashMap<>();

    /** @param tokenizers shared by all providers, since each vocabulary takes tens of megabytes */
    public OpenAiApi(ChatDialect dialect, Tokenizers tokenizers) {
        var chats = new OpenAiChat(dialect, tokenizers);
        shared = chats.shared();
        chat = chats;
        responses = new OpenAiResponses(shared);
        embeddings = new OpenAiEmbeddings(chats);
        images = new OpenAiImages(shared);
        transcriptions = new OpenAiTranscriptions(shared, false);
        metered.put("/v1/chat/completions", new Operation.Metered(chat));
        metered.put("/v1/completions", new Operation.Metered(new OpenAiCompletions(chats)));
        metered.put(RESPONSES, new Operation.Metered(responses));
        metered.put("/v1/embeddings", new Operation.Metered(embeddings));
        metered.put("/v1/images/generations", new Operation.Metered(images));
        metered.put("/v1/images/edits", new Operation.Metered(images));
        metered.put("/v1/audio/transcriptions", new Operation.Metered(transcriptions));
        metered.put("/v1/audio/translations", new Operation.Metered(new OpenAiTranscriptions(shared, true)));
        metered.put("/v1/audio/speech", new Operation.Metered(new OpenAiSpeech(shared)));
    }

    @Override
    public Operation operation(String method, String path) {
        @Nullable Operation call = metered.get(path);
        if (call != null) {
            return method.equals("POST") ? call : notCalled(method, path);
        }
        if (leaves(path)) {
            return Operation.Unmeterable.UNKNOWN;
        }
        return switch (FreePaths.of(path)) {
            case FreePaths.Kind.QUESTION -> method.equals("GET") ? FREE : GET_ONLY;
            case FreePaths.Kind.CALCULATION -> method.equals("POST") ? FREE : POST_ONLY;
            case FreePaths.Kind.NONE -> Unmeterable.of(path);
        };
    }

    /** A socket begins with a GET: what passes through it is not seen. */
    private static Operation notCalled(String method, String path) {
        return method.equals("GET") && path.equals(RESPONSES) ? Unmeterable.SOCKET : POST_ONLY;
    }

    /** Whether a provider may take it for a path outside the one it seems to be in: dots may be written as they are, or encoded. */
    private static boolean leaves(String path) {
        return path.contains("..") || path.toLowerCase(Locale.ROOT).contains("%2e") || path.contains("\\");
    }

    @Override
    public ErrorShape errors() {
        return shared.errors();
    }

    @Override
    public KeyHeader keyHeader(String key) {
        return KeyHeader.bearer(key);
    }

    @Override
    public Optional<AnswerFacts> readAnswer(byte[] body) {
        return format(shared.json().members(body)).map(format -> format.readAnswer(body));
    }

    private Optional<WireFormat> format(Set<String> members) {
        if (members.contains("choices")) {
            return Optional.of(chat);
        }
        if (members.contains("output") && members.contains("status")) {
            return Optional.of(responses);
        }
        if (members.contains("data")) {
            // Images tell when they were made, embeddings do not.
            return Optional.of(members.contains("created") ? images : embeddings);
        }
        if (members.contains("text") && (members.contains("usage") || members.contains("duration"))) {
            return Optional.of(transcriptions);
        }
        return Optional.empty();
    }
}
