package dev.quotary.client.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * A streaming model with Quotary round it. The handler hears of the end after the use is in the ledger or kept. It hears of everything in
 * between as it comes.
 */
final class MeteredStreamingChatModel implements StreamingChatModel {
    private final Metered metered;
    private final StreamingChatModel model;

    MeteredStreamingChatModel(Metered metered, StreamingChatModel model) {
        this.metered = metered;
        this.model = model;
    }

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        run(request, handler, observing -> model.chat(request, observing));
    }

    @Override
    public void chat(ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
        run(request, handler, observing -> model.chat(request, options, observing));
    }

    /** So that nothing passes beside the meter, whatever else calls it. */
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        chat(request, handler);
    }

    private void run(
            ChatRequest request,
            StreamingChatResponseHandler handler,
            Consumer<StreamingChatResponseHandler> streaming) {
        var call = metered.call(provider(), defaultRequestParameters(), request);
        var answered = metered.client()
                .executeAsync(
                        call,
                        () -> {
                            var end = new CompletableFuture<ChatResponse>();
                            streaming.accept(Ends.of(handler, end));
                            return end;
                        },
                        metered::read);
        var ignored = answered.whenComplete((response, failure) -> {
            if (failure == null) {
                handler.onCompleteResponse(response);
            } else {
                handler.onError(cause(failure));
            }
        });
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return model.defaultRequestParameters();
    }

    @Override
    public ModelProvider provider() {
        return model.provider();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return model.supportedCapabilities();
    }
}
