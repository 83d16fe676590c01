package dev.quotary.gateway.upstream;

import dev.quotary.provider.ProviderApi;
import java.util.List;
import java.util.Optional;

/**
 * A model provider that calls are forwarded to.
 *
 * @param name in paths, configuration, prices and usage events, such as {@code openai}
 * @param api which of its paths are metered, and how
 * @param lanes the ways to it
 * @param observer is told what happens on them
 */
public record Provider(
        String name, ProviderApi api, Lanes lanes, Timeouts timeouts, Policy policy, UpstreamObserver observer) {

    /**
     * What is done beyond sending a call once.
     *
     * @param clientKeys whether clients show their own keys of the provider, which are passed on; the server has none then
     * @param fallbacks in the order in which they are tried
     * @param slots empty where any number of calls may be there at once
     * @param subjectFrom where clients name their subject beside our own header
     */
    public record Policy(
            boolean clientKeys,
            Retries retries,
            List<Fallback> fallbacks,
            Optional<Slots> slots,
            SubjectFrom subjectFrom) {
        public Policy {
            fallbacks = List.copyOf(fallbacks);
        }
    }

    /** Whether there is one way and one attempt, so that nothing has to be kept for another one. */
    public boolean direct() {
        return lanes.only() != null
                && policy.retries().attempts() <= 1
                && policy.fallbacks().isEmpty()
                && policy.slots().isEmpty();
    }
}
