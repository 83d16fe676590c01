package dev.quotary.provider;

import java.util.Optional;

/**
 * One API of one family of providers, such as OpenAI's chat completions, as bytes.
 *
 * <p>Implementations are immutable and may be shared by threads; what they return for one call belongs to that call. No method
 * throws because of the bytes it is given.
 */
public interface WireFormat {
    /** The name in configuration and on usage events, such as {@code openai.chat}. */
    String id();

    /**
     * Reads what must be known of a request before it is forwarded.
     *
     * @param head what stands before the body; some providers name the model there
     * @param body the whole body; it is kept, not copied, and must not be changed afterwards
     */
    RequestReading readRequest(RequestHead head, byte[] body);

    /** Reads usage, model and service tier out of a whole successful answer. */
    AnswerFacts readAnswer(byte[] body);

    /** The text the model wrote, out of a whole answer: what an estimate needs if {@link #readAnswer} found no usage. */
    OutputText readText(byte[] body);

    /** Reads the classification out of the body of a failed answer; empty if it has none. */
    Optional<ProviderError> readError(byte[] body);

    /** How refusals look to clients of this format. */
    ErrorShape errors();

    /**
     * How they look to a client that chose the form of its answers in the query.
     *
     * @param target path and query
     */
    default ErrorShape errors(String target) {
        return errors();
    }
}
