package dev.quotary.api;

import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import dev.quotary.api.Endpoint.Begun;
import dev.quotary.api.Endpoint.Blocking;
import dev.quotary.api.Endpoint.Staged;
import dev.quotary.catalog.Role;
import dev.quotary.usage.Engine;
import java.util.List;
import java.util.Set;

/** What there is about usage that others report after the fact: events, traces, and what declared meters make of them. */
final class ReportRoutes {
    private static final Set<Role> ADMINS = Set.of(Role.ADMIN);
    private static final Set<Role> USERS = Set.of(Role.ADMIN, Role.SERVICE, Role.SUBJECT);
    private static final Set<Role> OVERSEERS = Set.of(Role.ADMIN, Role.SERVICE, Role.READ);
    private static final Set<Role> VIEWERS = Set.of(Role.values());

    private ReportRoutes() {}

    static List<Route> of(
            Engine engine, Costing costing, EventReading reading, WebhookEndpoint webhooks, ApiRuntime runtime) {
        var clock = runtime.clock();
        var calls = new CallReader(engine.catalog());
        var events = new CloudEventEndpoint(engine.settlements(), calls, reading);
        var traces = new TraceEndpoint(engine.settlements(), calls, costing, clock);
        var reported = new ReportedEventsEndpoint(runtime.reported(), calls, clock);
        var meters = new MeterQueryEndpoint(runtime.reported(), engine.catalog(), calls, clock);
        int body = runtime.options().bodyBytesMax();
        int batch = runtime.options().recordsBytesMax();
        return List.of(
                // Thousands of events are parsed: not on an event loop, where others wait.
                new Route(POST, "/api/v1/events", batch, new Begun(events::ingest), USERS),
                new Route(GET, "/api/v1/events", 0, new Staged(reported::list), OVERSEERS),
                new Route(POST, "/api/v1/otlp/v1/traces", batch, new Begun(traces::export), USERS),
                new Route(GET, "/api/v1/meters/{}/query", 0, new Staged(meters::byParameters), VIEWERS),
                new Route(POST, "/api/v1/meters/{}/query", body, new Staged(meters::byBody), VIEWERS),
                new Route(
                        PUT,
                        "/api/v1/organizations/{}/webhooks/{}/secrets",
                        body,
                        new Blocking(webhooks::setSecrets),
                        ADMINS));
    }
}
