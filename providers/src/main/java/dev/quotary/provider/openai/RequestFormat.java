package dev.quotary.provider.openai;

import dev.quotary.provider.InputBound;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageEstimator;
import java.util.Optional;

/** What a request needs of the format it was read in, once it was read. */
public interface RequestFormat {
    RequestReading readRequest(RequestHead head, byte[] body);

    /** A relay for the streamed answer to a call with these facts. */
    StreamRelay relay(RequestFacts facts);

    /** A closer bound of the input, by counting it; empty where the vocabulary of the model is not known, or there is nothing to count. */
    default Optional<InputBound> countedInput(byte[] body, RequestFacts facts) {
        return Optional.empty();
    }

    UsageEstimator estimator(byte[] body, RequestFacts facts);
}
