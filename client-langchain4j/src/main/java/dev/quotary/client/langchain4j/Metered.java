package dev.quotary.client.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.quotary.client.Call;
import dev.quotary.client.QuotaryClient;
import dev.quotary.client.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Puts Quotary round chat models. Immutable; every method answers a changed copy.
 *
 * <p>A call is held at an upper bound: one token for each byte of what is asked, and the most that may be answered. It is charged what the
 * model says it used.
 */
public final class Metered {
    private static final long OUTPUT_TOKENS_MAX = 4_096;

    private final QuotaryClient client;
    private final Supplier<Call> context;
    private final Optional<String> provider;
    private final long outputTokensMax;
    private final Function<ChatResponse, Usage> usage;

    private Metered(
            QuotaryClient client,
            Supplier<Call> context,
            Optional<String> provider,
            long outputTokensMax,
            Function<ChatResponse, Usage> usage) {
        this.client = client;
        this.context = context;
        this.provider = provider;
        this.outputTokensMax = outputTokensMax;
        this.usage = usage;
    }

    /**
     * With a client.
     *
     * @param context of each call as it is made: for whom, and in which feature or session; its quantities are held on top
     */
    public static Metered by(QuotaryClient client, Supplier<Call> context) {
        return new Metered(client, context, Optional.empty(), OUTPUT_TOKENS_MAX, Metered::told);
    }

    /** The provider's name in the price book, where it is not that of the model's class: {@code xai} behind a client of OpenAI. */
    public Metered provider(String name) {
        return new Metered(client, context, Optional.of(name), outputTokensMax, usage);
    }

    /** How much is held for an answer where neither request nor model bounds it; 4,096 if not named. */
    public Metered outputTokensMax(long tokens) {
        return new Metered(client, context, provider, tokens, usage);
    }

    /**
     * How usage is read out of an answer; if not named, its counts of tokens in and out. They do not tell cached tokens from others: where
     * these are cheaper, read the provider's own answer, which the metadata of some models have.
     */
    public Metered usage(Function<ChatResponse, Usage> read) {
        return new Metered(client, context, provider, outputTokensMax, read);
    }

    /** The same model, which throws {@link dev.quotary.client.LimitExceededException} before a call that has no room. */
    public ChatModel chat(ChatModel model) {
        return new MeteredChatModel(this, model);
    }

    /** The same model, whose handlers get {@link dev.quotary.client.LimitExceededException} before a call that has no room. */
    public StreamingChatModel streaming(StreamingChatModel model) {
        return new MeteredStreamingChatModel(this, model);
    }

    QuotaryClient client() {
        return client;
    }

    Call call(ModelProvider made, ChatRequestParameters defaults, ChatRequest request) {
        var parameters = defaults.overrideWith(request.parameters());
        var output = parameters.maxOutputTokens();
        var call = context.get().tokens(bytes(request), output == null ? outputTokensMax : output);
        var model = parameters.modelName();
        return model == null ? call : call.model(provider.orElseGet(() -> name(made)), model);
    }

    private static long bytes(ChatRequest request) {
        long bytes = 0;
        for (var part : request.messages()) {
            bytes += part.toString().getBytes(StandardCharsets.UTF_8).length;
        }
        for (var tool : request.toolSpecifications()) {
            bytes += tool.toString().getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }

    /** As the price book names it. */
    static String name(ModelProvider provider) {
        return switch (provider) {
            case OPEN_AI -> "openai";
            case GOOGLE_AI_GEMINI, GOOGLE_VERTEX_AI_GEMINI -> "gemini";
            default -> provider.name().toLowerCase(Locale.ROOT).replace('_', '-');
        };
    }

    Usage read(ChatResponse response) {
        return usage.apply(response);
    }

    static Usage told(ChatResponse response) {
        var tokens = response.tokenUsage();
        if (tokens == null) {
            return Usage.asHeld();
        }
        Integer input = tokens.inputTokenCount();
        Integer output = tokens.outputTokenCount();
        return input == null || output == null ? Usage.asHeld() : Usage.tokens(input, output);
    }
}
