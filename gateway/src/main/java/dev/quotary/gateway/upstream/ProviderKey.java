package dev.quotary.gateway.upstream;

import dev.quotary.provider.ProviderApi;
import dev.quotary.provider.ProviderApi.KeyHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of the server's keys at a provider. A key that was refused or throttled rests, so that the next calls take another one; where all of
 * them rest, the one that is ready first is used nevertheless. Safe for many threads.
 */
final class ProviderKey implements Candidate {
    /** A key that was refused may have been revoked, or not be known everywhere yet. */
    static final Duration REST_REFUSED = Duration.ofMinutes(1);
    /** A key that was throttled, where the provider does not say for how long. */
    static final Duration REST_THROTTLED = Duration.ofSeconds(10);
    /** Nobody's word makes a key rest for longer. */
    static final Duration REST_MAX = Duration.ofMinutes(5);

    private final KeyHeader header;
    private final AtomicInteger running = new AtomicInteger();
    private volatile Instant restsUntil = Instant.MIN;

    private ProviderKey(KeyHeader header) {
        this.header = header;
    }

    static ProviderKey of(Secret secret, ProviderApi api) {
        return new ProviderKey(api.keyHeader(secret.reveal()));
    }

    KeyHeader header() {
        return header;
    }

    Instant restsUntil() {
        return restsUntil;
    }

    void rest(Duration wanted, Instant now) {
        restsUntil = now.plus(wanted.compareTo(REST_MAX) > 0 ? REST_MAX : wanted);
    }

    @Override
    public boolean ready(Instant now) {
        return !now.isBefore(restsUntil);
    }

    @Override
    public int running() {
        return running.get();
    }

    void begins() {
        running.incrementAndGet();
    }

    void ends() {
        running.decrementAndGet();
    }
}
