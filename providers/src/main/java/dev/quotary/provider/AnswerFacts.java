package dev.quotary.provider;

import java.util.List;

/**
 * What an answer, whole or streamed so far, says about its cost.
 *
 * @param finishReasons why the choices ended, in the provider's words, each once
 */
public record AnswerFacts(UsageReading usage, Served served, List<String> finishReasons) {
    public AnswerFacts {
        finishReasons = List.copyOf(finishReasons);
    }
}
