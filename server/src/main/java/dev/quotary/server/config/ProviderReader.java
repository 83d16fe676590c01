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
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what the configuration says of one provider. */
final class ProviderReader {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");
    private static final String CLIENTS_OWN = "passthrough";
    private static final int LANES_MAX = 64;
    private static final int COUNT_MAX = 999_999;

    private final String name;
    private final Settings settings;
    private final Map<String, String> environment;
    private final Optional<KnownProvider> known;

    ProviderReader(String name, Settings settings, Map<String, String> environment) {
        this.name = name;
        this.settings = settings;
        this.environment = environment;
        this.known = KnownProvider.named(name);
    }

    ProviderConfig read() {
        var kind = settings.text("kind", ProviderReader::kind)
                .orElse(known.map(KnownProvider::kind).orElse(ProviderConfig.Kind.OPENAI));
        var baseUrls = baseUrls();
        var keys = keys();
        var prices = settings.text("prices", ProviderReader::prices).orElse("book");
        var timeouts = timeouts();
        var routing = new ProviderConfig.Routing(
                settings.text("choose", ProviderReader::choice).orElse(Choice.ROUND_ROBIN),
                retries(),
                breaker(),
                fallbacks(),
                slots());
        var attribution = settings.section("attribution");
        var subjectFrom = attribution.text("subject_from", SubjectFrom::of).orElseGet(SubjectFrom.Nowhere::new);
        attribution.done();
        var streamUsage = settings.text("stream_usage", StreamUsage::of).orElse(StreamUsage.ASK);
        settings.done();
        return new ProviderConfig(
                kind, baseUrls, keys, prices.equals("free"), timeouts, routing, subjectFrom, streamUsage);
    }

    private List<URI> baseUrls() {
        var one = settings.text("base_url", ProviderReader::url);
        var several = settings.texts("base_urls", ProviderReader::url);
        if (one.isPresent() && !several.isEmpty()) {
            throw settings.wrong("base_urls", "expected base_url or base_urls, not both");
        }
        if (several.size() > LANES_MAX) {
            throw settings.wrong("base_urls", "expected at most " + LANES_MAX + " base_urls");
        }
        if (!several.isEmpty()) {
            return several;
        }
        return one.or(() -> known.map(KnownProvider::baseUrl))
                .map(List::of)
                .orElseThrow(() -> settings.wrong("base_url", "expected a base_url such as https://api.openai.com"));
    }

    private ProviderConfig.Keys keys() {
        var one = settings.text("api_key");
        var several = settings.texts("api_keys");
        if (one.isPresent() && !several.isEmpty()) {
            throw settings.wrong("api_keys", "expected api_key or api_keys, not both");
        }
        if (several.size() > LANES_MAX) {
            throw settings.wrong("api_keys", "expected at most " + LANES_MAX + " api_keys");
        }
        if (one.isPresent() && one.get().equals(CLIENTS_OWN)) {
            return new ProviderConfig.Keys(List.of(), true);
        }
        var usual = several.isEmpty()
                ? known.flatMap(provider -> Optional.ofNullable(environment.get(provider.keyVariable())))
                : Optional.<String>empty();
        var own = one.or(() -> usual).map(List::of).orElse(several);
        return new ProviderConfig.Keys(own.stream().map(Secret::new).toList(), false);
    }

    private Timeouts timeouts() {
        var all = settings.text("timeout", ProviderReader::duration);
        var connect = settings.text("connect_timeout", ProviderReader::duration).orElse(Timeouts.CONNECT);
        var firstByte = settings.text("first_byte_timeout", ProviderReader::duration);
        var silence = settings.text("silence_timeout", ProviderReader::duration);
        var otherwise = all.orElse(Timeouts.ANSWER);
        try {
            return new Timeouts(connect, firstByte.orElse(otherwise), silence.orElse(otherwise));
        } catch (IllegalArgumentException e) {
            throw settings.wrong("timeout", String.valueOf(e.getMessage()));
        }
    }

    private Retries retries() {
        var section = settings.section("retries");
        int attempts = section.text("attempts", text -> count(text, Retries.ATTEMPTS_MAX))
                .orElse(0);
        var backoff = section.text("backoff", ProviderReader::duration).orElse(Retries.BACKOFF);
        var backoffMax = section.text("backoff_max", ProviderReader::duration).orElse(Retries.BACKOFF_MAX);
        var retryAfterMax =
                section.text("retry_after_max", ProviderReader::duration).orElse(Retries.RETRY_AFTER_MAX);
        section.done();
        try {
            return new Retries(attempts, backoff, backoffMax, retryAfterMax);
        } catch (IllegalArgumentException e) {
            throw settings.wrong("retries", String.valueOf(e.getMessage()));
        }
    }

    private Optional<Breaker.Thresholds> breaker() {
        var section = settings.section("breaker");
        if (!section.said()) {
            return Optional.empty();
        }
        int failures = section.text("failures", text -> count(text, 1_000)).orElse(Breaker.Thresholds.FAILURES);
        var open = section.text("open", ProviderReader::duration).orElse(Breaker.Thresholds.OPEN);
        section.done();
        try {
            return Optional.of(new Breaker.Thresholds(failures, open));
        } catch (IllegalArgumentException e) {
            throw settings.wrong("breaker", String.valueOf(e.getMessage()));
        }
    }

    private Optional<Slots.Options> slots() {
        int concurrency =
                settings.text("concurrency", text -> count(text, COUNT_MAX)).orElse(0);
        var section = settings.section("queue");
        int waiting = section.text("max", text -> count(text, COUNT_MAX)).orElse(Slots.Options.WAITING);
        var wait = section.text("wait", ProviderReader::duration).orElse(Slots.Options.WAIT);
        section.done();
        try {
            return concurrency == 0 ? Optional.empty() : Optional.of(new Slots.Options(concurrency, waiting, wait));
        } catch (IllegalArgumentException e) {
            throw settings.wrong("queue", String.valueOf(e.getMessage()));
        }
    }

    private List<Fallback> fallbacks() {
        var sections = settings.sections("fallback");
        if (sections.size() > LANES_MAX) {
            throw settings.wrong("fallback", "expected at most " + LANES_MAX + " fallbacks");
        }
        return sections.stream().map(this::fallback).toList();
    }

    private Fallback fallback(Settings section) {
        var models = section.text("for").orElse("*");
        var provider = section.text("provider").orElse(name);
        var model = section.text("model");
        var when = section.text("when_limit", ProviderReader::softLimit).orElse(Fallback.When.FAILURE);
        section.done();
        if (provider.equals(name) && model.isEmpty()) {
            throw settings.wrong("fallback", "expected another provider or another model to fall back to");
        }
        try {
            return new Fallback(models, provider, model, when);
        } catch (IllegalArgumentException e) {
            throw settings.wrong("fallback", String.valueOf(e.getMessage()));
        }
    }

    private static Fallback.When softLimit(String text) {
        if (text.equals("soft")) {
            return Fallback.When.SOFT_LIMIT;
        }
        throw new IllegalArgumentException("expected when_limit to be soft, was '" + text + "'");
    }

    private static Choice choice(String text) {
        return switch (text) {
            case "round_robin" -> Choice.ROUND_ROBIN;
            case "least_in_flight" -> Choice.LEAST_IN_FLIGHT;
            default ->
                throw new IllegalArgumentException("expected round_robin or least_in_flight, was '" + text + "'");
        };
    }

    private static ProviderConfig.Kind kind(String text) {
        return switch (text) {
            case "openai", "anthropic", "gemini", "xai" -> ProviderConfig.Kind.valueOf(text.toUpperCase(Locale.ROOT));
            default ->
                throw new IllegalArgumentException(
                        "expected one of openai, anthropic, gemini, xai, was '" + text + "'");
        };
    }

    private static URI url(String text) {
        var url = URI.create(text);
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new IllegalArgumentException("expected a URL such as https://api.openai.com, was '" + text + "'");
        }
        return url;
    }

    private static String prices(String text) {
        if (text.equals("free") || text.equals("book")) {
            return text;
        }
        throw new IllegalArgumentException("expected prices to be free or book, was '" + text + "'");
    }

    static int count(String text, int max) {
        if (text.matches("[0-9]{1,6}") && Integer.parseInt(text) <= max) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("expected a whole number of 0.." + max + ", was '" + text + "'");
    }

    static Duration duration(String text) {
        var matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a duration such as 120s or 10m, was '" + text + "'");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }
}
