package dev.quotary.provider;

import java.util.OptionalLong;

/**
 * The most a model may write in answer to one call.
 *
 * @param perChoiceMax tokens per choice, reasoning included, 0 or more; empty if the client named no cap
 * @param choices how many answers the client wants, 1 or more
 */
public record OutputBound(OptionalLong perChoiceMax, int choices) {
    /** Of a call that writes no tokens, such as for embeddings. */
    public static final OutputBound NONE = new OutputBound(OptionalLong.of(0), 1);

    public OutputBound {
        if (choices < 1 || perChoiceMax.orElse(0) < 0) {
            throw new IllegalArgumentException(
                    "expected 1 or more choices and 0 or more tokens, was " + choices + ", " + perChoiceMax);
        }
    }

    /** Tokens over all choices; empty if the client named no cap. */
    public OptionalLong tokensMax() {
        return perChoiceMax.isPresent() ? OptionalLong.of(tokensMax(perChoiceMax.getAsLong())) : OptionalLong.empty();
    }

    /** Tokens over all choices at the given cap per choice. */
    public long tokensMax(long perChoice) {
        return Math.multiplyExact(perChoice, choices);
    }
}
