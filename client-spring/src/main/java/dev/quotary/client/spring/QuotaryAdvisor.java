package dev.quotary.client.spring;

import dev.quotary.client.Call;
import dev.quotary.client.QuotaryClient;
import dev.quotary.client.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.core.Ordered;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

/**
 * Puts Quotary round the calls of Spring AI's {@code ChatClient}, next to the model, so that each round with tools is a call. A call is held
 * at an upper bound, one token for each byte of the prompt and the most that may be answered, and charged what the model says it used.
 */
public final class QuotaryAdvisor implements CallAdvisor, StreamAdvisor {
    /** Of the advisor's parameters, who uses; if it is not set, {@link CallContext} says it. */
    public static final String SUBJECT = "quotary.subject";

    private static final int BEFORE_THE_MODEL = Ordered.LOWEST_PRECEDENCE - 10;
    private static final long OUTPUT_TOKENS_MAX = 4_096;

    private final QuotaryClient client;
    private final CallContext context;
    private final String provider;
    private final Function<ChatResponse, Optional<Usage>> usage;

    /** @param provider of the models, as the price book names it */
    public QuotaryAdvisor(QuotaryClient client, CallContext context, String provider) {
        this(client, context, provider, QuotaryAdvisor::told);
    }

    /**
     * With another way to read usage. The counts of tokens in and out, which are read if none is named, do not tell cached tokens from
     * others: where these are cheaper, read the provider's own usage out of the metadata.
     *
     * @param usage empty where an answer, or a part of a stream, does not say it
     */
    public QuotaryAdvisor(
            QuotaryClient client, CallContext context, String provider, Function<ChatResponse, Optional<Usage>> usage) {
        this.client = client;
        this.context = context;
        this.provider = provider;
        this.usage = usage;
    }

    @Override
    public String getName() {
        return "Quotary";
    }

    @Override
    public int getOrder() {
        return BEFORE_THE_MODEL;
    }

    @Override
    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
        return client.execute(
                call(request),
                () -> chain.nextCall(request),
                response -> read(response).orElse(Usage.asHeld()));
    }

    @Override
    public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
        return JdkFlowAdapter.flowPublisherToFlux(client.executeStream(
                call(request), () -> JdkFlowAdapter.publisherToFlowPublisher(chain.nextStream(request)), this::read));
    }

    private Call call(ChatClientRequest request) {
        var prompt = request.prompt();
        var options = prompt.getOptions();
        var output = options == null ? null : options.getMaxTokens();
        long input = 0;
        for (var message : prompt.getInstructions()) {
            input += message.toString().getBytes(StandardCharsets.UTF_8).length;
        }
        var call = context.current().tokens(input, output == null ? OUTPUT_TOKENS_MAX : output);
        var model = options == null ? null : options.getModel();
        var named = model == null ? call : call.model(provider, model);
        return request.context().get(SUBJECT) instanceof String subject ? named.subject(subject) : named;
    }

    private Optional<Usage> read(ChatClientResponse response) {
        var answer = response.chatResponse();
        return answer == null ? Optional.empty() : usage.apply(answer);
    }

    /** Parts of a stream that do not know it say 0. */
    private static Optional<Usage> told(ChatResponse response) {
        var told = response.getMetadata().getUsage();
        Integer input = told == null ? null : told.getPromptTokens();
        Integer output = told == null ? null : told.getCompletionTokens();
        return input == null || output == null || input + output == 0
                ? Optional.empty()
                : Optional.of(Usage.tokens(input, output));
    }
}
