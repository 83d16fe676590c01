package dev.quotary.gateway.upstream;

import dev.quotary.provider.ProviderApi;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All ways to one provider: its addresses and the server's keys, which may change at any time. Safe for many threads. */
public final class Lanes {
    private final List<Endpoint> endpoints;
    private final Rotation endpointTurns;
    private final Rotation keyTurns;
    private final UpstreamObserver observer;
    private volatile Kept kept;

    /**
     * What depends on the keys.
     *
     * @param only where there is nothing to choose and nothing to count
     */
    private record Kept(List<ProviderKey> keys, @Nullable Lane only) {}

    /** @param endpoints at least one */
    public Lanes(List<Endpoint> endpoints, Choice choice, UpstreamObserver observer) {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("expected an address at least");
        }
        this.endpoints = List.copyOf(endpoints);
        this.endpointTurns = new Rotation(choice);
        this.keyTurns = new Rotation(choice);
        this.observer = observer;
        this.kept = kept(List.of());
    }

    /** Uses other keys from now on; calls that run keep theirs. */
    public void keys(List<Secret> secrets, ProviderApi api) {
        kept = kept(secrets.stream().map(secret -> ProviderKey.of(secret, api)).toList());
    }

    private Kept kept(List<ProviderKey> keys) {
        boolean single = endpoints.size() == 1
                && keys.size() <= 1
                && endpoints.getFirst().breaker().isEmpty();
        var key = keys.isEmpty() ? null : keys.getFirst();
        return new Kept(keys, single ? new Lane(endpoints.getFirst(), key, null) : null);
    }

    /** The one way there is; null where there is something to choose or to count. */
    public @Nullable Lane only() {
        return kept.only();
    }

    /** A way that nobody counts: the only one, unless keys were added a moment ago. */
    public Lane uncounted() {
        var current = kept;
        var only = current.only();
        return only != null
                ? only
                : new Lane(endpoints.getFirst(), current.keys().getFirst(), null);
    }

    /** Whether a request that failed may go another way. */
    public boolean several() {
        return endpoints.size() > 1 || kept.keys().size() > 1;
    }

    /**
     * Takes the way that is next.
     *
     * @param tried by the same call before: others go first
     * @return null if every address is to be left alone
     */
    public @Nullable Lane enter(List<Lane> tried, Instant now) {
        var current = kept;
        if (current.only() != null) {
            return current.only();
        }
        var asked = tried.stream().map(Lane::endpoint).toList();
        var endpoint = endpointTurns.next(endpoints, asked, now);
        while (endpoint != null
                && endpoint.breaker().isPresent()
                && !endpoint.breaker().get().pass(now)) {
            // Somebody else's probe was first.
            endpoint = endpointTurns.next(endpoints, asked, now);
        }
        return endpoint == null ? null : new Lane(endpoint, key(current.keys(), tried, now), observer).begin();
    }

    private @Nullable ProviderKey key(List<ProviderKey> keys, List<Lane> tried, Instant now) {
        if (keys.isEmpty()) {
            return null;
        }
        var used = tried.stream().map(Lane::key).filter(Objects::nonNull).toList();
        var next = keyTurns.next(keys, used, now);
        return next != null
                ? next
                : keys.stream()
                        .min(Comparator.comparing(ProviderKey::restsUntil))
                        .orElseThrow();
    }

    /** Whether a key is ready that the call has not used. */
    public boolean anotherKey(List<Lane> tried, Instant now) {
        return kept.keys().stream()
                .anyMatch(key -> key.ready(now) && tried.stream().noneMatch(lane -> key.equals(lane.key())));
    }

    /** Whether an address is ready that the call has not asked. */
    public boolean anotherEndpoint(List<Lane> tried, Instant now) {
        return endpoints.stream()
                .anyMatch(each -> each.ready(now) && tried.stream().noneMatch(lane -> each.equals(lane.endpoint())));
    }

    /** How many keys rest. */
    public int resting(Instant now) {
        return (int) kept.keys().stream().filter(key -> !key.ready(now)).count();
    }

    /** How many addresses are left alone. */
    public int open(Instant now) {
        return (int) endpoints.stream().filter(each -> !each.ready(now)).count();
    }
}
