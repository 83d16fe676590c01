package dev.quotary.provider;

import java.util.Optional;

/**
 * How a provider classifies a failure. Its message is left out on purpose: it may quote the prompt.
 *
 * @param type the provider's kind of error, such as {@code server_error}
 * @param code the provider's code, such as {@code rate_limit_exceeded}; numbers as text
 */
public record ProviderError(Optional<String> type, Optional<String> code) {
    /** A failure that names no class. */
    public static final ProviderError UNCLASSIFIED = new ProviderError(Optional.empty(), Optional.empty());

    /** Somebody stopped the call before its end. */
    public static final ProviderError CANCELLED = new ProviderError(Optional.of("cancelled"), Optional.empty());
}
