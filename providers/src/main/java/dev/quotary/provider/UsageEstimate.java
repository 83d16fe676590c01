package dev.quotary.provider;

import dev.quotary.price.TokenUsage;

/**
 * A usage that was computed here because the provider reported none. It is a type of its own so that it cannot be recorded as the
 * provider's word.
 *
 * @param encoding the vocabulary that was counted with, such as {@code o200k_base}
 * @param extrapolated whether only the beginning of a long text was counted and the rest taken to be like it
 */
public record UsageEstimate(TokenUsage tokens, String encoding, boolean extrapolated) {}
