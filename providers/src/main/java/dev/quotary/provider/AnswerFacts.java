package dev.quotary.provider;

import java.util.List;
import java.util.Optional;

/**
 * What an answer, whole or streamed so far, says about its cost.
 *
 * @param finishReasons why the choices ended, in the provider's words, each once
 * @param error why the call failed, where an answer of status 200 says so; of a stream it is told by {@link StreamFacts}
 */
public record AnswerFacts(
        UsageReading usage, Served served, List<String> finishReasons, Optional<ProviderError> error) {
    /** Of an answer that could not be looked at. */
    public static final AnswerFacts UNREAD = new AnswerFacts(new UsageReading.Missing(), Served.UNNAMED, List.of());

    public AnswerFacts {
        finishReasons = List.copyOf(finishReasons);
    }

    /** Of a call that did not fail. */
    public AnswerFacts(UsageReading usage, Served served, List<String> finishReasons) {
        this(usage, served, finishReasons, Optional.empty());
    }
}
