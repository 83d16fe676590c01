package dev.quotary.client.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Set;

/** A model with Quotary round it. Listeners and retries are those of the model within: one call here is one there. */
final class MeteredChatModel implements ChatModel {
    private final Metered metered;
    private final ChatModel model;

    MeteredChatModel(Metered metered, ChatModel model) {
        this.metered = metered;
        this.model = model;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        var call = metered.call(provider(), defaultRequestParameters(), request);
        return metered.client().execute(call, () -> model.chat(request), metered::read);
    }

    @Override
    public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
        var call = metered.call(provider(), defaultRequestParameters(), request);
        return metered.client().execute(call, () -> model.chat(request, options), metered::read);
    }

    /** So that nothing passes beside the meter, whatever else calls it. */
    @Override
    public ChatResponse doChat(ChatRequest request) {
        return chat(request);
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
