package dev.quotary.provider.gemini;

import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.json.Edit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A request for content that was read. */
final class GenerateRequest implements ProviderRequest {
    private final Source source;
    private final RequestFacts facts;
    private final Optional<CapPlace> cap;
    private final GeminiContext context;

    /** What was read. */
    @SuppressWarnings("ArrayRecordComponent") // The client's own bytes: never compared, and never changed.
    record Source(CallHead head, byte[] body) {}

    /** @param cap the place for a cap on the output; empty if the client named one */
    GenerateRequest(Source source, RequestFacts facts, Optional<CapPlace> cap, GeminiContext context) {
        this.source = source;
        this.facts = facts;
        this.cap = cap;
        this.context = context;
    }

    @Override
    public RequestFacts facts() {
        return facts;
    }

    @Override
    public String target() {
        return source.head().request().target();
    }

    @Override
    public byte[] upstreamBody(OptionalLong outputTokensMax) {
        if (outputTokensMax.orElse(1) < 1) {
            throw new IllegalArgumentException("expected a cap of 1 or more tokens, was " + outputTokensMax);
        }
        if (cap.isEmpty() || outputTokensMax.isEmpty()) {
            return source.body();
        }
        return Edit.apply(source.body(), List.of(cap.get().edit(outputTokensMax.getAsLong())));
    }

    @Override
    public StreamRelay relay() {
        return source.head().sse()
                ? new EventRelay(context, EventRelay.EVENT_BYTES_MAX)
                : new ArrayRelay(context, EventRelay.EVENT_BYTES_MAX);
    }

    /** Read anew: other models may be read by other rules, and this is done only where the first one failed. */
    @Override
    public RequestReading forModel(String model) {
        Optional<GeminiPath> path = source.head().path().withModel(model);
        if (path.isEmpty()) {
            return Rejected.of("No path of Gemini can name the model '" + model + "'.", "model");
        }
        return GenerateRequestReader.read(source.head().withModel(path.get()), source.body(), context);
    }

    @Override
    public UsageEstimator estimator() {
        return GeminiEstimator.of(context, source.body(), facts);
    }
}
