package dev.quotary.server.metrics;

import dev.quotary.gateway.upstream.UpstreamObserver;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/** What happens on the ways to the providers, by provider. Safe for many threads. */
public final class UpstreamMetrics {
    private final CountersBy rests = new CountersBy(
            "quotary_provider_key_rests",
            "Times that a key was left alone for a while, by the status that the provider answered it with.",
            "provider",
            "status");
    private final CountersBy opened = new CountersBy(
            "quotary_provider_breaker_opened", "Times that an address was left alone for a while.", "provider");
    private final CountersBy repeated = new CountersBy(
            "quotary_provider_retries", "Calls sent once more, by what went wrong before.", "provider", "why");
    private final CountersBy fellBack = new CountersBy(
            "quotary_provider_fallbacks",
            "Calls sent to another provider or model, by what was wrong with the first.",
            "provider",
            "why");

    /** What one provider's ways tell. */
    public UpstreamObserver of(String provider) {
        return new UpstreamObserver() {
            @Override
            public void keyRests(int status) {
                rests.of(provider, Integer.toString(status)).increment();
            }

            @Override
            public void breakerOpened() {
                opened.of(provider).increment();
            }

            @Override
            public void repeated(String why) {
                repeated.of(provider, why).increment();
            }

            @Override
            public void fellBack(String why) {
                fellBack.of(provider, why).increment();
            }
        };
    }

    public List<MetricSnapshot> snapshots() {
        return List.of(rests.snapshot(), opened.snapshot(), repeated.snapshot(), fellBack.snapshot());
    }
}
