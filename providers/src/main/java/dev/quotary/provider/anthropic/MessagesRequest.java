package dev.quotary.provider.anthropic;

import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.json.Edit;
import dev.quotary.provider.json.JsonText;
import java.util.List;
import java.util.OptionalLong;

/** A request for a message that was read. Its body is never changed: every such call caps its output, and all answers report usage. */
final class MessagesRequest implements ProviderRequest {
    private final Source source;
    private final RequestFacts facts;
    private final MessagesContext context;

    /**
     * What was read.
     *
     * @param model where the name of the model stands, with its quotes
     */
    @SuppressWarnings("ArrayRecordComponent") // The client's own bytes: never compared, and never changed.
    record Source(RequestHead head, byte[] body, Edit model) {}

    MessagesRequest(Source source, RequestFacts facts, MessagesContext context) {
        this.source = source;
        this.facts = facts;
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
        return source.body();
    }

    @Override
    public StreamRelay relay() {
        return new MessageStreamRelay(context, MessageStreamRelay.EVENT_BYTES_MAX);
    }

    /** Read anew: what is held depends on the model, and this is done only where the first one failed. */
    @Override
    public RequestReading forModel(String model) {
        var renamed = new Edit(source.model().from(), source.model().to(), JsonText.literal(model));
        return MessagesRequestReader.read(source.head(), Edit.apply(source.body(), List.of(renamed)), context);
    }

    @Override
    public UsageEstimator estimator() {
        return context.estimating().estimator(source.body(), facts);
    }
}
