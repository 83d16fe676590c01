package dev.quotary.gateway.upstream;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * All providers that calls may go to.
 *
 * @param jitter spreads what would else be repeated by many at once; safe for many threads
 */
public record Providers(List<Provider> all, RandomGenerator jitter) implements AutoCloseable {
    public Providers {
        all = List.copyOf(all);
    }

    public Optional<Provider> find(String name) {
        return all.stream().filter(provider -> provider.name().equals(name)).findFirst();
    }

    /** Sends away whoever waits for a provider, and lets nobody wait any more. */
    @Override
    public void close() {
        all.forEach(provider -> provider.policy().slots().ifPresent(Slots::close));
    }
}
