package dev.quotary.api;

import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import dev.quotary.analytics.Analytics;
import dev.quotary.api.Endpoint.Begun;
import dev.quotary.api.Endpoint.Blocking;
import dev.quotary.catalog.Role;
import dev.quotary.usage.Engine;
import java.util.List;
import java.util.Set;

/** What can be concluded from what was used: forecasts, anomalies, advice, reconciliation. */
final class InsightRoutes {
    private static final Set<Role> ADMINS = Set.of(Role.ADMIN);
    private static final Set<Role> OVERSEERS = Set.of(Role.ADMIN, Role.SERVICE, Role.READ);
    private static final Set<Role> VIEWERS = Set.of(Role.values());

    private InsightRoutes() {}

    static List<Route> of(Engine engine, CallReader calls, ApiRuntime runtime) {
        var catalog = engine.catalog();
        var clock = runtime.clock();
        var queries = runtime.analytics().map(Analytics::queries);
        var forecast = new ForecastEndpoint(
                engine.admissions(),
                calls,
                new DailySeries(queries, runtime.reported().map(Reported::meters), catalog),
                clock);
        var anomalies = new AnomalyEndpoint(queries, calls, catalog, clock);
        var advice = new AdviceEndpoint(queries, calls, catalog, clock);
        var reconciliation = new ReconciliationEndpoints(runtime.corrections(), queries, catalog, calls);
        int report = runtime.options().recordsBytesMax();
        return List.of(
                new Route(GET, "/api/v1/usage/forecast", 0, new Begun(forecast::forecast), VIEWERS),
                new Route(GET, "/api/v1/usage/anomalies", 0, new Begun(anomalies::anomalies), OVERSEERS),
                new Route(GET, "/api/v1/usage/advice", 0, new Begun(advice::advice), OVERSEERS),
                new Route(
                        GET,
                        "/api/v1/admin/reconciliation/estimates",
                        0,
                        new Blocking(reconciliation::estimates),
                        OVERSEERS),
                new Route(
                        POST,
                        "/api/v1/admin/reconciliation/provider",
                        report,
                        new Blocking(reconciliation::provider),
                        ADMINS));
    }
}
