package dev.quotary.gateway;

import dev.quotary.gateway.upstream.Fallback;
import dev.quotary.gateway.upstream.Fallback.When;
import dev.quotary.gateway.upstream.Lane;
import dev.quotary.gateway.upstream.Retries;
import dev.quotary.usage.Verdict;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sends a call to its provider, again where that is safe and wanted, and elsewhere where that is configured, until there is an answer to
 * be passed on.
 *
 * <p>A call is sent again only as long as nothing of an answer went to the client, and only if the provider surely did not serve it or
 * bills nothing: no connection came about, or it answered with an error of {@link Retries#unserved} or a refusal of its key. A request
 * that was sent and not answered may have been served: it is not repeated there. The hold stays all the time; what is charged is what the
 * last attempt used. For one call, on its event loop.
 */
final class Forwarding {
    private static final int PAYMENT_REQUIRED = 402;
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    /** So much of an answer that nobody wants is read to keep its connection. */
    private static final int UNWANTED_BYTES_MAX = 64 * 1024;

    private final Exchange exchange;
    private final Journey journey;
    private final Deque<Fallback> fallbacks;
    private MeteredCall call;
    private Buffer body;
    private int attempts;

    private Forwarding(MeteredCall call, Buffer body, Exchange exchange) {
        this.call = call;
        this.body = body;
        this.exchange = exchange;
        this.journey = call.journey();
        this.fallbacks = fallbacks(When.FAILURE);
    }

    /** To be called on the call's event loop. */
    static void start(MeteredCall call, Buffer body, Exchange exchange) {
        Steps.run(failure -> exchange.broke(call, failure), () -> {
            if (call.journey().direct()) {
                sendOnce(call, body, exchange);
            } else {
                new Forwarding(call, body, exchange).start();
            }
        });
    }

    private static void sendOnce(MeteredCall call, Buffer body, Exchange exchange) {
        Consumer<Throwable> broke = failure -> exchange.broke(call, failure);
        Upstream.open(call, call.provider().lanes().uncounted())
                .compose(upstream -> {
                    exchange.sends(upstream);
                    return upstream.send(body);
                })
                .onSuccess(Steps.guarded(broke, head -> exchange.answered(call, head)))
                .onFailure(Steps.guarded(broke, failure -> exchange.failed(call, failure)));
    }

    /** A step that ends the call, wherever it then is, if it throws. */
    private <T> Handler<T> step(Handler<? super T> step) {
        return Steps.guarded(failure -> exchange.broke(call, failure), step);
    }

    private Deque<Fallback> fallbacks(When when) {
        var model = call.parsed().facts().model();
        var matching = new ArrayDeque<Fallback>();
        for (var fallback : call.provider().policy().fallbacks()) {
            if (fallback.when() == when && fallback.serves(model)) {
                matching.add(fallback);
            }
        }
        return matching;
    }

    private void start() {
        boolean warned = call.decision().verdict() == Verdict.ALLOWED_WITH_WARNINGS;
        var cheaper = warned ? fallbacks(When.SOFT_LIMIT) : new ArrayDeque<Fallback>();
        elsewhere(cheaper, "soft_limit", new Ways(() -> {}, this::enter));
    }

    /** Waits for a slot of the provider, if it has a bound. */
    private void enter() {
        var slots = call.provider().policy().slots();
        if (slots.isEmpty()) {
            attempt();
            return;
        }
        SlotWait.enter(call, slots.get(), exchange, waited -> {
            if (call.request().response().closed()) {
                exchange.failed(call, new ClientLeftException());
            } else if (waited) {
                attempt();
            } else {
                over(new ProviderBusyException(call.provider().name()));
            }
        });
    }

    private void attempt() {
        if (journey.closed()) {
            return;
        }
        var lane = call.provider().lanes().enter(journey.tried(), now());
        if (lane == null) {
            over(new ProviderLeftAloneException(call.provider().name()));
            return;
        }
        journey.enters(lane);
        attempts++;
        Upstream.open(call, lane)
                .onSuccess(step(upstream -> send(lane, upstream)))
                .onFailure(step(failure -> unsent(lane, failure)));
    }

    private void send(Lane lane, HttpClientRequest upstream) {
        exchange.sends(upstream);
        upstream.send(body).onSuccess(step(head -> answered(lane, head))).onFailure(step(failure -> {
            lane.failed(now());
            over(failure);
        }));
    }

    /** No connection came about: the provider knows nothing of the call. */
    private void unsent(Lane lane, Throwable failure) {
        lane.failed(now());
        if (mayRepeat()) {
            boolean another = call.provider().lanes().anotherEndpoint(journey.tried(), now());
            repeat(another ? Duration.ZERO : backoff(), Upstream.errorType(failure));
        } else {
            over(failure);
        }
    }

    private void answered(Lane lane, HttpClientResponse head) {
        int status = head.statusCode();
        var retryAfter = RetryAfter.of(head.headers());
        lane.answered(status, retryAfter, now());
        var wait = mayRepeat() ? wait(status, retryAfter) : Optional.<Duration>empty();
        if (wait.isPresent()) {
            discard(head);
            repeat(wait.get(), "http_" + status);
        } else {
            over(head);
        }
    }

    /** Nobody waits for the answer of a client that has left. */
    private boolean mayRepeat() {
        var provider = call.provider();
        return attempts < provider.policy().retries().attempts(provider.lanes().several())
                && !call.request().response().closed();
    }

    /** How long to wait before it is sent again; empty if it is not. */
    private Optional<Duration> wait(int status, Optional<Duration> retryAfter) {
        var lanes = call.provider().lanes();
        if ((status == UNAUTHORIZED || status == TOO_MANY_REQUESTS) && lanes.anotherKey(journey.tried(), now())) {
            return Optional.of(Duration.ZERO);
        }
        if (!Retries.unserved(status)) {
            return Optional.empty();
        }
        if (lanes.anotherEndpoint(journey.tried(), now())) {
            return Optional.of(Duration.ZERO);
        }
        var asked = retryAfter.orElse(Duration.ZERO);
        if (asked.compareTo(call.provider().policy().retries().retryAfterMax()) > 0) {
            return Optional.empty();
        }
        var own = backoff();
        return Optional.of(asked.compareTo(own) > 0 ? asked : own);
    }

    private Duration backoff() {
        var jitter = call.services().providers().jitter();
        return call.provider().policy().retries().backoff(attempts, jitter);
    }

    private void repeat(Duration wait, String why) {
        journey.ends();
        call.provider().observer().repeated(why);
        if (wait.toMillis() == 0) {
            attempt();
            return;
        }
        call.context().owner().setTimer(wait.toMillis(), step(_ -> {
            if (call.request().response().closed()) {
                exchange.failed(call, new ClientLeftException());
            } else {
                attempt();
            }
        }));
    }

    /** The attempts at this provider are over, without an answer. */
    private void over(Throwable failure) {
        elsewhere(fallbacks, Upstream.errorType(failure), new Ways(() -> {}, () -> exchange.failed(call, failure)));
    }

    /** The attempts at this provider are over. What it answered is kept back only while another one might be asked instead. */
    private void over(HttpClientResponse head) {
        int status = head.statusCode();
        boolean failed = status >= SERVER_ERROR || Retries.unserved(status);
        boolean refused = status == UNAUTHORIZED || status == PAYMENT_REQUIRED;
        if (fallbacks.isEmpty() || !(failed || refused)) {
            exchange.answered(call, head);
            return;
        }
        head.pause();
        var ways = new Ways(
                () -> {
                    discard(head);
                    head.resume();
                },
                () -> answeredAfterAll(head));
        elsewhere(fallbacks, "http_" + status, ways);
    }

    /** An exchange whose client leaves reads on: then the head may have been resumed meanwhile, and what followed it is lost. */
    private void answeredAfterAll(HttpClientResponse head) {
        if (call.request().response().closed()) {
            discard(head);
            exchange.failed(call, new ClientLeftException());
        } else {
            exchange.answered(call, head);
        }
        head.resume();
    }

    /** What to do before the call leaves its provider, and what to do if it stays. */
    private record Ways(Runnable leaving, Runnable staying) {}

    /** Goes where the first of some fallbacks leads that has room for the call. */
    private void elsewhere(Deque<Fallback> candidates, String why, Ways ways) {
        var next = call.request().response().closed() ? null : candidates.poll();
        if (next == null) {
            ways.staying().run();
            return;
        }
        Handler<Optional<Redirecting.Redirected>> then = step(redirected -> {
            if (redirected.isEmpty()) {
                elsewhere(candidates, why, ways);
            } else {
                ways.leaving().run();
                goOn(redirected.get(), why);
            }
        });
        new Redirecting(call, next).redirect(then::handle);
    }

    private void goOn(Redirecting.Redirected redirected, String why) {
        call.provider().observer().fellBack(why);
        journey.leaves(call, why);
        call = redirected.call();
        body = redirected.body();
        attempts = 0;
        if (call.request().response().closed()) {
            exchange.failed(call, new ClientLeftException());
        } else {
            enter();
        }
    }

    /** Reads a short answer to its end, so that its connection can be used again; a long one costs its connection. */
    private static void discard(HttpClientResponse head) {
        int[] bytes = {0};
        head.exceptionHandler(_ -> {});
        head.handler(piece -> {
            bytes[0] += piece.length();
            if (bytes[0] > UNWANTED_BYTES_MAX) {
                head.request().reset();
            }
        });
    }

    private Instant now() {
        return call.services().clock().instant();
    }
}
