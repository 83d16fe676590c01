package dev.quotary.provider.gemini;

import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageEstimator;
import java.util.OptionalLong;

/** A request for embeddings that was read. */
final class EmbedRequest implements ProviderRequest {
    private final GenerateRequest.Source source;
    private final RequestFacts facts;
    private final boolean namesModel;
    private final GeminiContext context;

    /** @param namesModel whether the body repeats the name of the model */
    EmbedRequest(GenerateRequest.Source source, RequestFacts facts, boolean namesModel, GeminiContext context) {
        this.source = source;
        this.facts = facts;
        this.namesModel = namesModel;
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

    /** Nothing is written that could be capped. */
    @Override
    public byte[] upstreamBody(OptionalLong outputTokensMax) {
        return source.body();
    }

    @Override
    public StreamRelay relay() {
        throw new IllegalStateException("embeddings are never streamed");
    }

    /** Vectors of different models do not mix, but that is for whoever declares another model to know. */
    @Override
    public RequestReading forModel(String model) {
        var path = source.head().path().withModel(model);
        if (path.isEmpty() || namesModel) {
            return Rejected.of("The call cannot be made to the model '" + model + "'.", "model");
        }
        return EmbedRequestReader.read(source.head().withModel(path.get()), source.body(), context);
    }

    @Override
    public UsageEstimator estimator() {
        return GeminiEstimator.of(context, source.body(), facts);
    }
}
