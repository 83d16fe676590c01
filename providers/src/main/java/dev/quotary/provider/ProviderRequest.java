package dev.quotary.provider;

import java.util.Optional;
import java.util.OptionalLong;

/** A request that was read and can be metered. Immutable. */
public interface ProviderRequest {
    RequestFacts facts();

    /** Path and query that it goes to, as the provider knows them. */
    String target();

    /**
     * The body to send to the provider: the client's bytes, plus a wish for usage at the end of a stream if the client had none, plus a
     * cap on the output if the client named none.
     *
     * @param outputTokensMax cap per choice, 1 or more; ignored if the client named one
     * @return the client's own array if nothing had to be changed
     */
    byte[] upstreamBody(OptionalLong outputTokensMax);

    /** A relay for the streamed answer to this one request. */
    StreamRelay relay();

    /**
     * The same request to another model of the same API, with nothing else changed.
     *
     * @return {@link RequestReading.Rejected} if the format allows no such name
     */
    RequestReading forModel(String model);

    /**
     * A closer bound of the input than that of {@link #facts}, by counting its text with the model's own vocabulary.
     *
     * <p>Takes a millisecond for a few pages, and up to a second for a large or hostile text: call it on a thread that may wait, and only
     * where the bound that costs nothing is too large to admit the call.
     *
     * @return empty where the vocabulary of the model is not known
     */
    default Optional<InputBound> countedInput() {
        return Optional.empty();
    }

    /** What is needed to estimate this call's usage later; holds far less than the body if the body is large. */
    UsageEstimator estimator();
}
