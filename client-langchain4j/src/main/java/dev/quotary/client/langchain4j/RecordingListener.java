package dev.quotary.client.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.quotary.client.Call;
import dev.quotary.client.QuotaryClient;
import dev.quotary.client.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Records what models used, after the fact, without making anybody wait. It refuses nothing: LangChain4j goes on whatever its listeners
 * throw. To keep limits, use {@link Metered}.
 */
public final class RecordingListener implements ChatModelListener {
    private static final String BEGUN = RecordingListener.class.getName();

    private final QuotaryClient client;
    private final Supplier<Call> context;
    private final InstantSource clock;

    /** @param context of each call as it ends: for whom, and in which feature or session */
    public RecordingListener(QuotaryClient client, Supplier<Call> context) {
        this(client, context, InstantSource.system());
    }

    RecordingListener(QuotaryClient client, Supplier<Call> context, InstantSource clock) {
        this.client = client;
        this.context = context;
        this.clock = clock;
    }

    @Override
    public void onRequest(ChatModelRequestContext request) {
        request.attributes().put(BEGUN, clock.instant());
    }

    @Override
    public void onResponse(ChatModelResponseContext answered) {
        record(
                call(answered.modelProvider(), answered.chatRequest()),
                Metered.told(answered.chatResponse()),
                answered.attributes());
    }

    @Override
    public void onError(ChatModelErrorContext failed) {
        record(call(failed.modelProvider(), failed.chatRequest()), Usage.failed(failed.error()), failed.attributes());
    }

    private Call call(ModelProvider provider, ChatRequest request) {
        var model = request.modelName();
        var call = context.get();
        return model == null ? call.quantity("requests", 1) : call.model(Metered.name(provider), model);
    }

    private void record(Call call, Usage usage, Map<Object, Object> attributes) {
        var timed = attributes.get(BEGUN) instanceof Instant begun
                ? usage.latency(Duration.between(begun, clock.instant()))
                : usage;
        // What there is no room for is told to the client's listener.
        var ignored = client.recordLater(call, timed);
    }
}
