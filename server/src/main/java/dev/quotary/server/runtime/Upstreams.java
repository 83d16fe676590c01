package dev.quotary.server.runtime;

import dev.quotary.api.key.Secret;
import dev.quotary.api.provider.ProviderKeys;
import dev.quotary.gateway.upstream.Breaker;
import dev.quotary.gateway.upstream.Endpoint;
import dev.quotary.gateway.upstream.Lanes;
import dev.quotary.gateway.upstream.Provider;
import dev.quotary.gateway.upstream.Providers;
import dev.quotary.gateway.upstream.Slots;
import dev.quotary.provider.text.Tokenizers;
import dev.quotary.server.config.Config;
import dev.quotary.server.metrics.Snapshots;
import dev.quotary.server.metrics.UpstreamMetrics;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The providers as they are configured, and how they do. */
record Upstreams(Config config, Providers providers, UpstreamMetrics metrics, InstantSource clock)
        implements ProviderKeys.Users {
    private static final Logger LOG = LoggerFactory.getLogger(Upstreams.class);

    private static final String PROVIDER = "provider";

    static Upstreams of(Config config, InstantSource clock) {
        var tokenizers = new Tokenizers();
        var metrics = new UpstreamMetrics();
        var providers = new ArrayList<Provider>();
        config.providers().forEach((name, provider) -> {
            var api = ProviderApis.of(name, provider.kind(), tokenizers);
            if (api.isEmpty()) {
                LOG.atWarn()
                        .addKeyValue("provider", name)
                        .addKeyValue("kind", provider.kind().name())
                        .log("this kind of provider is not built yet; its calls are not served");
                return;
            }
            var observer = metrics.of(name);
            var endpoints = provider.baseUrls().stream()
                    .map(url -> new Endpoint(url, provider.routing().breaker().map(Breaker::new)))
                    .toList();
            var lanes = new Lanes(endpoints, provider.routing().choice(), observer);
            lanes.keys(provider.keys().own(), api.get());
            var policy = new Provider.Policy(
                    provider.keys().clients(),
                    provider.routing().retries(),
                    provider.routing().fallbacks(),
                    provider.routing().slots().map(WaitingCalls::slots),
                    provider.subjectFrom());
            providers.add(new Provider(name, api.get(), lanes, provider.timeouts(), policy, observer));
        });
        return new Upstreams(config, new Providers(providers, new SecureRandom()), metrics, clock);
    }

    @Override
    public Set<String> names() {
        return providers.all().stream()
                .filter(provider -> !provider.policy().clientKeys())
                .map(Provider::name)
                .collect(Collectors.toSet());
    }

    @Override
    public void use(String name, List<Secret> stored) {
        var configured = config.providers().get(name);
        var provider = providers.find(name).filter(each -> !each.policy().clientKeys());
        if (configured == null || provider.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("provider", name)
                    .log("there are stored keys of a provider that is not configured");
            return;
        }
        var keys = stored.isEmpty()
                ? configured.keys().own()
                : stored.stream()
                        .map(secret -> new dev.quotary.gateway.upstream.Secret(secret.text()))
                        .toList();
        provider.get().lanes().keys(keys, provider.get().api());
    }

    /** What is read when somebody asks for metrics. */
    List<MetricSnapshot> snapshots() {
        var now = clock.instant();
        var snapshots = new ArrayList<>(metrics.snapshots());
        snapshots.add(Snapshots.gauges(
                "quotary_provider_keys_resting",
                "Keys that are left alone now.",
                PROVIDER,
                each(provider -> provider.lanes().resting(now))));
        snapshots.add(Snapshots.gauges(
                "quotary_provider_endpoints_open",
                "Addresses that are left alone now.",
                PROVIDER,
                each(provider -> provider.lanes().open(now))));
        snapshots.add(Snapshots.gauges(
                "quotary_provider_calls_running",
                "Calls at providers whose concurrency is bounded.",
                PROVIDER,
                each(provider -> provider.policy().slots().map(Slots::taken).orElse(0))));
        snapshots.add(Snapshots.gauges(
                "quotary_provider_calls_waiting",
                "Calls that wait for a provider to have room.",
                PROVIDER,
                each(provider -> provider.policy().slots().map(Slots::waiting).orElse(0))));
        return snapshots;
    }

    private Map<String, Integer> each(ToIntFunction<Provider> value) {
        var values = new LinkedHashMap<String, Integer>();
        providers.all().forEach(provider -> values.put(provider.name(), value.applyAsInt(provider)));
        return values;
    }
}
