package dev.quotary.provider.openai;

import dev.quotary.provider.InputBound;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.json.Edit;
import dev.quotary.provider.json.JsonText;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A chat completion request that was read. */
final class ChatRequest implements ProviderRequest {
    private final Source source;
    private final RequestFacts facts;
    private final ChatEdits edits;
    private final ChatContext context;

    /**
     * What was read.
     *
     * @param model where the name of the model stands, with its quotes
     */
    @SuppressWarnings("ArrayRecordComponent") // The client's own bytes: never compared, and never changed.
    record Source(RequestHead head, byte[] body, Edit model) {}

    ChatRequest(Source source, RequestFacts facts, ChatEdits edits, ChatContext context) {
        this.source = source;
        this.facts = facts;
        this.edits = edits;
        this.context = context;
    }

    @Override
    public RequestFacts facts() {
        return facts;
    }

    @Override
    public String target() {
        return source.head().target();
    }

    @Override
    public byte[] upstreamBody(OptionalLong outputTokensMax) {
        if (outputTokensMax.orElse(1) < 1) {
            throw new IllegalArgumentException("expected a cap of 1 or more tokens, was " + outputTokensMax);
        }
        return edits.apply(source.body(), outputTokensMax);
    }

    /** Usage that we ask for in the client's place is taken out again; what the server sends unasked stays. */
    @Override
    public StreamRelay relay() {
        boolean weAsk = facts.streaming() == Streaming.ON && context.dialect().asksForUsage();
        return new ChatStreamRelay(context, weAsk, ChatStreamRelay.EVENT_BYTES_MAX);
    }

    /** Read anew: other models may be read by other rules, and this is done only where the first one failed. */
    @Override
    public RequestReading forModel(String model) {
        var renamed = new Edit(source.model().from(), source.model().to(), JsonText.literal(model));
        return ChatRequestReader.read(source.head(), Edit.apply(source.body(), List.of(renamed)), context);
    }

    @Override
    public Optional<InputBound> countedInput() {
        return context.dialect().publishedVocabulary()
                ? Optional.of(context.estimating().counted(source.body(), facts))
                : Optional.empty();
    }

    @Override
    public UsageEstimator estimator() {
        return context.estimating().estimator(source.body(), facts);
    }
}
