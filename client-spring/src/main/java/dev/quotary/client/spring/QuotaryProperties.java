package dev.quotary.client.spring;

import dev.quotary.client.WhenUnavailable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a Spring application says of Quotary.
 *
 * @param key an API key of role {@code service}
 * @param timeout for a step, all attempts together
 * @param whenUnavailable fail open ({@code allow}) or fail closed ({@code refuse})
 * @param unsentDirectory where usage is kept that could not be told; in memory if not named
 * @param provider of the models that Spring AI calls, as the price book names it; without it there is no advisor
 */
@ConfigurationProperties("quotary")
public record QuotaryProperties(
        URI url,
        String key,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("allow") WhenUnavailable whenUnavailable,
        @Nullable Path unsentDirectory,
        @Nullable String provider) {

    /** The key is in no log. */
    @Override
    public String toString() {
        return "Quotary at " + url;
    }
}
