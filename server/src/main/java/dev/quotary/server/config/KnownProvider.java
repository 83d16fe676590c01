package dev.quotary.server.config;

import java.net.URI;
import java.util.Optional;

/**
 * What need not be configured of a provider, because its name says it.
 *
 * @param keyVariable the environment variable that its own clients read the key from
 */
record KnownProvider(ProviderConfig.Kind kind, URI baseUrl, String keyVariable) {
    static Optional<KnownProvider> named(String name) {
        return switch (name) {
            case "openai" -> of(ProviderConfig.Kind.OPENAI, "https://api.openai.com", "OPENAI_API_KEY");
            case "anthropic" -> of(ProviderConfig.Kind.ANTHROPIC, "https://api.anthropic.com", "ANTHROPIC_API_KEY");
            case "gemini" ->
                of(ProviderConfig.Kind.GEMINI, "https://generativelanguage.googleapis.com", "GEMINI_API_KEY");
            default -> Optional.empty();
        };
    }

    private static Optional<KnownProvider> of(ProviderConfig.Kind kind, String baseUrl, String keyVariable) {
        return Optional.of(new KnownProvider(kind, URI.create(baseUrl), keyVariable));
    }
}
