package dev.quotary.server.config;

import dev.quotary.gateway.upstream.Breaker;
import dev.quotary.gateway.upstream.Choice;
import dev.quotary.gateway.upstream.Fallback;
import dev.quotary.gateway.upstream.Retries;
import dev.quotary.gateway.upstream.Secret;
import dev.quotary.gateway.upstream.Slots;
import dev.quotary.gateway.upstream.SubjectFrom;
import dev.quotary.gateway.upstream.Timeouts;
import dev.quotary.provider.openai.StreamUsage;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * One provider.
 *
 * @param kind whose wire format it speaks
 * @param baseUrls at least one
 * @param free whether its models cost nothing
 * @param subjectFrom where clients name their subject beside our own header
 * @param streamUsage what its streams are asked for; some servers refuse {@code stream_options}
 */
public record ProviderConfig(
        Kind kind,
        List<URI> baseUrls,
        Keys keys,
        boolean free,
        Timeouts timeouts,
        Routing routing,
        SubjectFrom subjectFrom,
        StreamUsage streamUsage) {

    public ProviderConfig {
        baseUrls = List.copyOf(baseUrls);
    }

    /** Providers whose wire formats are known. */
    public enum Kind {
        OPENAI,
        ANTHROPIC,
        GEMINI,
        XAI
    }

    /**
     * Whose keys the provider is shown.
     *
     * @param own the server's; empty where the provider needs none, or their environment variables are not set
     * @param clients whether clients show theirs
     */
    public record Keys(List<Secret> own, boolean clients) {
        public static final Keys NONE = new Keys(List.of(), false);

        public Keys {
            own = List.copyOf(own);
        }

        public static Keys of(Secret key) {
            return new Keys(List.of(key), false);
        }
    }

    /**
     * Which way a call takes, and what happens when that fails.
     *
     * @param breaker empty where no address is ever left alone
     * @param fallbacks where calls go that are not served here
     * @param slots empty where any number of calls may be there at once
     */
    public record Routing(
            Choice choice,
            Retries retries,
            Optional<Breaker.Thresholds> breaker,
            List<Fallback> fallbacks,
            Optional<Slots.Options> slots) {
        public static final Routing DEFAULT =
                new Routing(Choice.ROUND_ROBIN, Retries.DEFAULT, Optional.empty(), List.of(), Optional.empty());

        public Routing {
            fallbacks = List.copyOf(fallbacks);
        }
    }

    /** A provider at one address, with nothing said beyond that. */
    public static ProviderConfig of(Kind kind, URI baseUrl, Keys keys) {
        return new ProviderConfig(
                kind,
                List.of(baseUrl),
                keys,
                false,
                Timeouts.DEFAULT,
                Routing.DEFAULT,
                new SubjectFrom.Nowhere(),
                StreamUsage.ASK);
    }

    public ProviderConfig with(Timeouts other) {
        return new ProviderConfig(kind, baseUrls, keys, free, other, routing, subjectFrom, streamUsage);
    }

    /** The same whose models cost nothing, and whose streams are not asked to report usage. */
    public ProviderConfig freeAndNotAsked() {
        return new ProviderConfig(kind, baseUrls, keys, true, timeouts, routing, subjectFrom, StreamUsage.UNASKED);
    }
}
