package dev.quotary.api;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import dev.quotary.api.Endpoint.Blocking;
import dev.quotary.api.Endpoint.Direct;
import dev.quotary.api.declare.Declaring;
import dev.quotary.catalog.Role;
import dev.quotary.usage.Engine;
import java.util.List;
import java.util.Set;

/** What there is about who may do what: keys, tokens of end users, anonymous visitors. */
final class AccessRoutes {
    private static final Set<Role> ADMINS = Set.of(Role.ADMIN);
    /** Who acts for others. */
    private static final Set<Role> BACKENDS = Set.of(Role.ADMIN, Role.SERVICE);

    private AccessRoutes() {}

    static List<Route> of(
            Access access, Engine engine, Declaring declaring, StatusEndpoints status, ApiRuntime runtime) {
        var clock = runtime.clock();
        var catalog = engine.catalog();
        var calls = new CallReader(catalog);
        var keys = new KeyEndpoints(access.keys(), catalog, clock);
        var portal = new PortalEndpoint(access.keys().tokens(), catalog, calls, clock);
        var visitors = new VisitorEndpoint(access.keys(), catalog, calls, status, clock);
        var merge = new MergeEndpoint(engine.settlements().merging(), declaring, calls);
        var providerKeys = new ProviderKeyEndpoints(access.providerKeys());
        int body = runtime.options().bodyBytesMax();
        return List.of(
                new Route(PUT, "/api/v1/providers/{}/keys", body, new Blocking(providerKeys::set), ADMINS),
                new Route(GET, "/api/v1/providers/{}/keys", 0, new Direct(providerKeys::list), ADMINS),
                new Route(POST, "/api/v1/keys", body, new Blocking(keys::create), ADMINS),
                new Route(GET, "/api/v1/keys", 0, new Direct(keys::list), ADMINS),
                new Route(GET, "/api/v1/keys/{}", 0, new Direct(keys::show), ADMINS),
                new Route(DELETE, "/api/v1/keys/{}", 0, new Blocking(keys::revoke), ADMINS),
                new Route(POST, "/api/v1/keys/{}/rotate", body, new Blocking(keys::rotate), ADMINS),
                new Route(POST, "/api/v1/portal-tokens", body, new Direct(portal::create), BACKENDS),
                new Route(
                        POST,
                        "/api/v1/anonymous-sessions",
                        body,
                        UsageApi.deciding(engine, visitors::create),
                        BACKENDS),
                new Route(POST, "/api/v1/anonymous-sessions/{}/merge", body, new Blocking(merge::merge), BACKENDS));
    }
}
