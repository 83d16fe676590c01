package dev.quotary.provider.anthropic;

import dev.quotary.price.TokenUsage;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a provider may do within one call beyond reading the prompt and answering: rounds with tools that it runs itself, advice of
 * another model, a summary of what came before, another attempt with another model. Each reads the prompt again.
 */
final class ServerWork {
    /** The longest context of any model: what one reading counts at most where its size cannot be told from the request. */
    static final long CONTEXT_TOKENS_MAX = 1_000_000;

    /** The longest output of any model: what is written at most where no cap is told. */
    static final long OUTPUT_TOKENS_MAX = 128_000;

    private final Set<String> otherModels = new LinkedHashSet<>();
    private long rounds;
    private long resultTokensMax;
    private long searches;
    private long extraOutput;
    private long attempts;
    private long attemptsOutput;
    private long attemptsUncapped;
    private boolean contextUnknown;
    private boolean otherFees;

    /** The model may go on so many times, each time with a result of so many tokens at most. */
    void rounds(long more, long resultTokens) {
        rounds += more;
        resultTokensMax = Math.max(resultTokensMax, resultTokens);
    }

    void searches(long more) {
        searches += more;
    }

    /** Another model is asked, and the one that was called goes on with its advice. */
    void advice(long uses, Optional<String> model, Optional<Long> outputMax) {
        long written = outputMax.orElse(OUTPUT_TOKENS_MAX);
        rounds(2 * uses, written);
        extraOutput = Math.min(extraOutput + times(uses, written), TokenUsage.TOKENS_MAX);
        model.filter(name -> !name.isBlank()).ifPresentOrElse(otherModels::add, this::otherFees);
    }

    /** What came before is summarized. */
    void compaction() {
        rounds(1, 0);
        extraOutput += OUTPUT_TOKENS_MAX;
    }

    /** Another model tries where the first one declines, with a cap of its own or the call's. */
    void attempt(String model, Optional<Long> outputMax) {
        otherModels.add(model);
        attempts++;
        attemptsOutput = Math.min(attemptsOutput + outputMax.orElse(0L), TokenUsage.TOKENS_MAX);
        attemptsUncapped += outputMax.isPresent() ? 0 : 1;
    }

    /** The provider puts something before the prompt that is not in the request. */
    void contextUnknown() {
        contextUnknown = true;
    }

    /** The provider may charge for something that cannot be told. */
    void otherFees() {
        otherFees = true;
    }

    Set<String> otherModels() {
        return otherModels;
    }

    long searchesMax() {
        return times(searches, 1 + attempts);
    }

    boolean hasOtherFees() {
        return otherFees;
    }

    /** Tokens that may be read beyond the prompt itself. */
    long extraInput(long prompt, long outputMax) {
        long first = contextUnknown ? Math.max(prompt, CONTEXT_TOKENS_MAX) : prompt;
        long largest = Math.max(first, CONTEXT_TOKENS_MAX);
        long all = first;
        long left = rounds;
        long reading = first + outputMax;
        while (left > 0 && reading < largest && resultTokensMax > 0) {
            reading += resultTokensMax;
            all += Math.min(reading, largest);
            left--;
        }
        all += times(left, Math.min(reading, largest));
        return Math.max(0, times(all, 1 + attempts) - prompt);
    }

    /** Tokens that may be written beyond the cap of the call. */
    long extraOutput(long outputMax) {
        long uncapped = times(attemptsUncapped, outputMax);
        return Math.min(times(extraOutput, 1 + attempts) + uncapped + attemptsOutput, TokenUsage.TOKENS_MAX);
    }

    /** Both are 0 or more. What goes beyond the largest count is held at that. */
    private static long times(long one, long other) {
        boolean fits = one == 0 || other <= TokenUsage.TOKENS_MAX / one;
        return fits ? one * other : TokenUsage.TOKENS_MAX;
    }
}
