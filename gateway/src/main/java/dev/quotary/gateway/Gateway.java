package dev.quotary.gateway;

import dev.quotary.call.Ids;
import dev.quotary.catalog.Role;
import dev.quotary.gateway.upstream.Provider;
import dev.quotary.gateway.upstream.Providers;
import dev.quotary.http.Authentication;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Principal;
import dev.quotary.http.ProblemException;
import dev.quotary.limit.Hold;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.price.ModelLimits;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.Operation;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.WireFormat;
import dev.quotary.usage.AdmissionQueue;
import dev.quotary.usage.Decision;
import dev.quotary.usage.Engine;
import dev.quotary.usage.Reserved;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the calls of unchanged clients. One instance an event loop, with an HTTP client of that loop.
 *
 * <p>A refused call never reaches the provider. See {@link PlainExchange} and {@link StreamExchange} for what happens to the others.
 */
public final class Gateway implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final long BODY_BYTES_MAX = 64L << 20;

    private final Routes routes;
    private final Authentication authentication;
    private final Services services;
    private final Ids ids;
    private final Vertx vertx;

    /**
     * @param client of the event loop that this instance serves, so that a call never changes its thread
     */
    public Gateway(
            Providers providers, Authentication authentication, Engine engine, Vertx vertx, HttpClientAgent client) {
        this.routes = new Routes(providers.all());
        this.authentication = authentication;
        this.ids = engine.ids();
        this.vertx = vertx;
        var admitting = new Admitting(
                engine.admissions(), engine.tariff(), ModelLimits.builtIn(), engine.ids(), engine.clock());
        this.services = new Services(
                admitting,
                new Metering(engine.tariff()),
                new Settling(engine.settlements(), vertx),
                new Counting(),
                new Decoding(),
                engine.ratios(),
                client,
                engine.clock(),
                providers);
    }

    /** Whether a path is the gateway's business. */
    public boolean serves(@Nullable String path) {
        return routes.serves(path);
    }

    @Override
    public void handle(HttpServerRequest request) {
        var route = Objects.requireNonNull(routes.find(request), "asked for a path that it does not serve");
        var shape = errors(request, route);
        try {
            var principal = principal(request, route.provider());
            principal.require(Role.ADMIN, Role.SERVICE, Role.SUBJECT);
            switch (route.operation()) {
                case Operation.Metered(var format) -> metered(new Incoming(request, route, format, shape, principal));
                case Operation.Free _ -> FreeExchange.forward(vertx, services, request, route);
                case Operation.WrongMethod(var allowed) ->
                    throw new ProblemException(
                            ErrorCode.METHOD_NOT_ALLOWED, "Use " + allowed + " for " + route.path() + ".");
                case Operation.Unmeterable(var reason) ->
                    throw new ProblemException(
                            ErrorCode.NOT_METERABLE,
                            "Quotary cannot meter " + request.method() + " " + route.path() + " of provider "
                                    + route.provider().name() + " and does not forward it. " + reason);
            }
        } catch (RuntimeException | Error e) {
            Refusals.send(request.response(), shape, e);
        }
    }

    private Principal principal(HttpServerRequest request, Provider provider) {
        return provider.policy().clientKeys()
                ? authentication.besideProviderKey(request)
                : authentication.ofProviderCall(request);
    }

    private ErrorShape errors(HttpServerRequest request, Routes.Route route) {
        var shape = route.operation() instanceof Operation.Metered(var format)
                ? format.errors(request.uri())
                : route.provider().api().errors();
        return shape.ofRequest(() -> RequestId.of(ids.next()));
    }

    /** A call that is to be metered, and who makes it. */
    private record Incoming(
            HttpServerRequest request, Routes.Route route, WireFormat format, ErrorShape errors, Principal principal) {}

    private void metered(Incoming incoming) {
        var request = incoming.request();
        var shape = incoming.errors();
        services.decoding()
                .request(request, BODY_BYTES_MAX, vertx.getOrCreateContext())
                .onComplete(read -> {
                    try {
                        if (read.failed()) {
                            Refusals.send(request.response(), shape, read.cause());
                        } else {
                            received(incoming, read.result());
                        }
                    } catch (RuntimeException | Error e) {
                        Refusals.send(request.response(), shape, e);
                    }
                });
    }

    private void received(Incoming incoming, Buffer body) {
        var request = incoming.request();
        var format = incoming.format();
        byte[] bytes = body.getBytes();
        switch (format.readRequest(ClientHead.of(request, incoming.route()), bytes)) {
            case RequestReading.Rejected rejected ->
                Refusals.send(request.response(), incoming.errors(), RefusalMessage.of(rejected));
            case RequestReading.Parsed parsed -> admit(incoming, parsed.request(), bytes);
        }
    }

    /** Everything about a call that asks for admission. */
    @SuppressWarnings(
            "ArrayRecordComponent") // The client's own bytes, kept by the parsed request as well: never changed.
    private record Asking(
            Incoming incoming,
            Attribution attribution,
            ProviderRequest parsed,
            RequestFacts facts,
            byte[] body,
            Instant receivedAt) {
        HttpServerRequest request() {
            return incoming.request();
        }

        Provider provider() {
            return incoming.route().provider();
        }

        ErrorShape errors() {
            return incoming.errors();
        }

        Asking with(InputBound counted) {
            return new Asking(incoming, attribution, parsed, facts.withInput(counted), body, receivedAt);
        }
    }

    private void admit(Incoming incoming, ProviderRequest parsed, byte[] body) {
        var receivedAt = services.clock().instant();
        var provider = incoming.route().provider();
        var attribution = Attribution.of(
                incoming.request(),
                incoming.principal(),
                provider.name(),
                parsed.facts().model(),
                () -> ClientSubject.of(
                        provider.policy().subjectFrom(), incoming.principal(), incoming.request(), body));
        var asking = new Asking(incoming, attribution, parsed, parsed.facts(), body, receivedAt);
        ask(asking, outcome -> {
            if (services.admitting().closer(asking.attribution().call(), asking.facts(), outcome.reserved())) {
                counted(asking, outcome);
            } else {
                admittedOrWaits(asking, outcome);
            }
        });
    }

    /** Asks again with the text counted, which is less than its bytes. */
    private void counted(Asking asking, Admitting.Outcome outcome) {
        services.counting().count(asking.parsed(), vertx.getOrCreateContext(), counted -> {
            try {
                if (counted.isEmpty()) {
                    admittedOrWaits(asking, outcome);
                } else {
                    var closer = asking.with(counted.get());
                    ask(closer, again -> admittedOrWaits(closer, again));
                }
            } catch (RuntimeException | Error e) {
                Refusals.send(asking.request().response(), asking.errors(), e);
            }
        });
    }

    private void ask(Asking asking, Consumer<Admitting.Outcome> then) {
        if (services.admitting().immediate()) {
            then.accept(outcome(asking));
        } else {
            askElsewhere(asking, then);
        }
    }

    private Admitting.Outcome outcome(Asking asking) {
        return services.admitting()
                .admit(asking.attribution().call(), asking.provider().name(), asking.facts());
    }

    /** Where admission waits for a store, a virtual thread does the waiting; the call then goes on on its own event loop. */
    private void askElsewhere(Asking asking, Consumer<Admitting.Outcome> then) {
        var context = vertx.getOrCreateContext();
        var response = asking.request().response();
        var shape = asking.errors();
        Thread.ofVirtual().name("admission").start(() -> {
            try {
                var outcome = outcome(asking);
                context.runOnContext(_ -> {
                    try {
                        then.accept(outcome);
                    } catch (RuntimeException | Error e) {
                        Refusals.send(response, shape, e);
                    }
                });
            } catch (RuntimeException | Error e) {
                context.runOnContext(_ -> Refusals.send(response, shape, e));
            }
        });
    }

    private void admittedOrWaits(Asking asking, Admitting.Outcome outcome) {
        if (!AdmissionQueue.mayWait(outcome.reserved())) {
            admitted(asking, outcome);
            return;
        }
        new Queueing(
                        services.admitting(),
                        asking.attribution().call(),
                        asking.provider(),
                        asking.errors(),
                        asking.facts(),
                        asking.request())
                .wait(outcome, vertx.getOrCreateContext(), later -> admitted(asking, later));
    }

    private void admitted(Asking asking, Admitting.Outcome outcome) {
        services.admitting().told(asking.attribution().call(), outcome.reserved());
        if (!(outcome.reserved() instanceof Reserved.Decided(var decision))) {
            throw refused(outcome.reserved());
        }
        var hold = decision.hold();
        if (hold == null) {
            Refusals.send(asking.request().response(), asking.errors(), decision);
            return;
        }
        if (asking.request().response().closed()) {
            // Its client left while it waited: nothing is asked of the provider, nothing is used.
            giveBack(hold);
            return;
        }
        try {
            forward(asking, outcome, decision, hold);
        } catch (RuntimeException | Error e) {
            // Nothing was asked of the provider: from there on, the exchange ends the call whatever happens.
            giveBack(hold);
            throw e;
        }
    }

    private void forward(Asking asking, Admitting.Outcome outcome, Decision decision, Hold hold) {
        var provider = asking.provider();
        var call = new MeteredCall(
                services,
                asking.request(),
                provider,
                asking.incoming().format(),
                asking.parsed(),
                asking.attribution().metadata(),
                decision,
                hold,
                hold.queueWaitMillis() > 0 ? hold.admittedAt() : asking.receivedAt(),
                provider.direct() ? Journey.DIRECT : new Journey(asking.body()),
                vertx.getOrCreateContext());
        var body = Buffer.buffer(asking.parsed().upstreamBody(outcome.outputCap()));
        var forward = forward(call, body);
        new Delay(vertx, asking.request().response(), forward, () -> giveBack(hold)).start(decision.delay());
    }

    private static Runnable forward(MeteredCall call, Buffer body) {
        if (call.parsed().facts().streaming() == Streaming.OFF) {
            var plain = new PlainExchange(call);
            return () -> plain.forward(body);
        }
        var stream = new StreamExchange(call);
        return () -> stream.forward(body);
    }

    private void giveBack(Hold hold) {
        Thread.ofVirtual().name("give-back").start(() -> {
            try {
                services.admitting().giveBack(hold);
            } catch (StoreUnavailableException e) {
                LOG.atWarn().setCause(e).log("a hold that nobody uses was not given back; it expires by itself");
            }
        });
    }

    private static ProblemException refused(Reserved reserved) {
        return switch (reserved) {
            case Reserved.SubjectUnknown unknown ->
                new ProblemException(ErrorCode.SUBJECT_UNKNOWN, "There is no subject '" + unknown.subject() + "'.");
            case Reserved.SubjectBlocked _ ->
                new ProblemException(ErrorCode.SUBJECT_BLOCKED, "This subject is blocked.");
            case Reserved.ModelNotPriced unpriced ->
                new ProblemException(
                        ErrorCode.MODEL_NOT_PRICED,
                        "Model '" + unpriced.model() + "' of provider " + unpriced.provider()
                                + " has no price, and a limit on cost applies.");
            case Reserved.Mismatch _, Reserved.Closed _, Reserved.Decided _ ->
                throw new IllegalStateException("a new id was answered " + reserved);
        };
    }
}
