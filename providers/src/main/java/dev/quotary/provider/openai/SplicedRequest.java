package dev.quotary.provider.openai;

import dev.quotary.provider.InputBound;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.json.Edit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A request that was read, and whose bytes are changed by nothing but insertions and replacements at places found while reading. */
public final class SplicedRequest implements ProviderRequest {
    /** Longest name of an end user. */
    public static final int USER_LENGTH_MAX = 512;

    private final Source source;
    private final RequestFacts facts;
    private final Splices splices;
    private final RequestFormat format;

    /**
     * What was read.
     *
     * @param model how to name another model
     */
    @SuppressWarnings("ArrayRecordComponent") // The client's own bytes: never compared, and never changed.
    public record Source(RequestHead head, byte[] body, Renaming model) {}

    /** What is read. */
    @SuppressWarnings("ArrayRecordComponent") // As above.
    public record Body(RequestHead head, byte[] bytes) {
        public Source renamedBy(Renaming renaming) {
            return new Source(head, bytes, renaming);
        }
    }

    /** Makes the change that names another model. */
    @FunctionalInterface
    public interface Renaming {
        Edit to(String model);
    }

    public SplicedRequest(Source source, RequestFacts facts, Splices splices, RequestFormat format) {
        this.source = source;
        this.facts = facts;
        this.splices = splices;
        this.format = format;
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
        return splices.apply(source.body(), outputTokensMax);
    }

    @Override
    public StreamRelay relay() {
        return format.relay(facts);
    }

    /** Read anew: other models may be read by other rules, and this is done only where the first one failed. */
    @Override
    public RequestReading forModel(String model) {
        var renamed = source.model().to(model);
        return format.readRequest(source.head(), Edit.apply(source.body(), List.of(renamed)));
    }

    @Override
    public Optional<InputBound> countedInput() {
        return format.countedInput(source.body(), facts);
    }

    @Override
    public UsageEstimator estimator() {
        return format.estimator(source.body(), facts);
    }
}
