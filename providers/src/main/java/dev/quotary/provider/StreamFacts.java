package dev.quotary.provider;

import java.util.Optional;

/**
 * What a stream said so far.
 *
 * @param error the error event that the provider sent in the middle of the stream
 * @param done whether the terminal event came
 * @param unreadEvents how many events were too large to be read; they reached the client unchanged
 */
public record StreamFacts(AnswerFacts answer, Optional<ProviderError> error, boolean done, long unreadEvents) {}
