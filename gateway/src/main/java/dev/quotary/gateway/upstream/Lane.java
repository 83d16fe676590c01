package dev.quotary.gateway.upstream;

import dev.quotary.provider.ProviderApi.KeyHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request to a provider: an address, with a key. Whoever entered it tells how the request ended, and ends it once.
 *
 * <p>Where there is nothing to choose, all requests share one lane, which counts nothing.
 */
public final class Lane {
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final Endpoint endpoint;
    private final @Nullable ProviderKey key;
    private final @Nullable UpstreamObserver observer;

    /** @param observer null where nothing is counted */
    Lane(Endpoint endpoint, @Nullable ProviderKey key, @Nullable UpstreamObserver observer) {
        this.endpoint = endpoint;
        this.key = key;
        this.observer = observer;
    }

    Lane begin() {
        endpoint.begins();
        if (key != null) {
            key.begins();
        }
        return this;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** What shows the server's key; null where the provider needs none, or gets the client's. */
    public @Nullable KeyHeader keyHeader() {
        return key == null ? null : key.header();
    }

    @Nullable ProviderKey key() {
        return key;
    }

    /**
     * The provider answered.
     *
     * @param retryAfter how long it wants to be left alone
     */
    public void answered(int status, Optional<Duration> retryAfter, Instant now) {
        if (observer == null) {
            return;
        }
        if (key != null && (status == UNAUTHORIZED || status == TOO_MANY_REQUESTS)) {
            key.rest(
                    status == UNAUTHORIZED ? ProviderKey.REST_REFUSED : retryAfter.orElse(ProviderKey.REST_THROTTLED),
                    now);
            observer.keyRests(status);
        }
        if (status >= SERVER_ERROR) {
            failed(now);
        } else {
            endpoint.breaker().ifPresent(Breaker::succeeded);
        }
    }

    /** There was no answer, or one that says that the provider does not work. */
    public void failed(Instant now) {
        if (observer != null
                && endpoint.breaker().isPresent()
                && endpoint.breaker().get().failed(now)) {
            observer.breakerOpened();
        }
    }

    /** The request has ended, with all of its answer. */
    public void ended() {
        if (observer != null) {
            endpoint.ends();
            if (key != null) {
                key.ends();
            }
        }
    }
}
