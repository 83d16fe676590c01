package dev.quotary.server.config;

import dev.quotary.gateway.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * One provider.
 *
 * @param kind whose wire format it speaks
 * @param apiKey empty where the provider needs none, or its environment variable is not set
 * @param free whether its models cost nothing
 * @param concurrency most calls at once; 0 for no bound
 * @param asksForUsage whether its streams are asked to report usage; some servers refuse {@code stream_options}
 */
public record ProviderConfig(
        Kind kind,
        URI baseUrl,
        Optional<Secret> apiKey,
        boolean free,
        int concurrency,
        Duration timeout,
        boolean asksForUsage) {
    public static final Duration TIMEOUT = Duration.ofMinutes(10);

    /** One that may be asked for usage. */
    public ProviderConfig(
            Kind kind, URI baseUrl, Optional<Secret> apiKey, boolean free, int concurrency, Duration timeout) {
        this(kind, baseUrl, apiKey, free, concurrency, timeout, true);
    }

    /** Providers whose wire formats are known. */
    public enum Kind {
        OPENAI,
        ANTHROPIC,
        GEMINI,
        XAI
    }
}
