package dev.quotary.api;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.PATCH;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import dev.quotary.api.declare.Declaring;
import dev.quotary.api.declare.Kind;
import dev.quotary.catalog.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The paths under which everything that is declared can be listed, made, read, changed and deleted. */
final class ManagementRoutes {
    private static final String BASE = "/api/v1/";
    private static final Set<Role> EVERYBODY = Set.of(Role.ofKeys());
    private static final Set<Role> OVERSEERS = Set.of(Role.ADMIN, Role.SERVICE, Role.READ);
    private static final Set<Role> ADMINS = Set.of(Role.ADMIN);
    private static final PartEndpoints.Part OVERRIDES = new PartEndpoints.Part(
            "overrides", "override", value -> value.fields().need("limit").string(), Optional.of("limit"));
    private static final PartEndpoints.Part PRICES =
            new PartEndpoints.Part("prices", "price", Kind.PRICE::keyOf, Optional.empty());

    private static final PartEndpoints.Part WEBHOOKS = new PartEndpoints.Part(
            "webhooks", "webhook", value -> value.fields().need("key").string(), Optional.of("key"));

    private final List<Route> routes = new ArrayList<>();
    private final Declaring declaring;
    private final int bodyBytesMax;

    private ManagementRoutes(Declaring declaring, int bodyBytesMax) {
        this.declaring = declaring;
        this.bodyBytesMax = bodyBytesMax;
    }

    static List<Route> of(
            Declaring declaring, OrganizationThing organizations, SubjectThing subjects, ApiRuntime runtime) {
        int body = runtime.options().bodyBytesMax();
        var all = new ManagementRoutes(declaring, body);
        all.declarations(new CatalogEndpoints(declaring, subjects, runtime.clock()), runtime.options());
        all.things(BASE + "organizations", organizations, true);
        all.things(BASE + "plans", new ServerThing(Kind.PLAN, "plans", true), true);
        all.things(BASE + "meters", new ServerThing(Kind.METER, "meters", true), true);
        all.things(BASE + "prices/own", new ServerThing(Kind.PRICE, "prices", false), true);
        all.things(
                BASE + "prices/adjustments", new ServerThing(Kind.PRICE_ADJUSTMENT, "price_adjustments", false), true);
        all.things(BASE + "prices/unknown-models", new ServerThing(Kind.UNKNOWN_MODELS, "unknown_models", false), true);
        // One subject is read by others than its overseers too, in another way.
        all.things(BASE + "subjects", subjects, false);
        all.parts(BASE + "subjects/{}/overrides", subjects, OVERRIDES);
        all.parts(BASE + "organizations/{}/overrides", organizations, OVERRIDES);
        all.parts(BASE + "organizations/{}/prices", organizations, PRICES);
        all.parts(BASE + "organizations/{}/webhooks", organizations, WEBHOOKS);
        return all.routes;
    }

    private void declarations(CatalogEndpoints declarations, ApiOptions options) {
        int body = options.bodyBytesMax();
        var subject = BASE + "subjects/{}";
        routes.add(new Route(POST, BASE + "apply", options.recordsBytesMax(), changing(declarations::apply), ADMINS));
        routes.add(new Route(GET, subject, 0, new Endpoint.Direct(declarations::subject), EVERYBODY));
        routes.add(new Route(POST, subject + "/block", body, changing(declarations::block), ADMINS));
        routes.add(new Route(POST, subject + "/unblock", body, changing(declarations::unblock), ADMINS));
    }

    private void things(String path, Thing thing, boolean shown) {
        var endpoints = new ThingEndpoints(thing, declaring);
        var one = path + "/{}";
        // Reading touches memory only, but of a large list so much of it that an event loop has better things to do.
        routes.add(new Route(GET, path, 0, new Endpoint.Blocking(endpoints::list), OVERSEERS));
        if (shown) {
            routes.add(new Route(GET, one, 0, new Endpoint.Direct(endpoints::show), OVERSEERS));
        }
        routes.add(new Route(POST, path, bodyBytesMax, changing(endpoints::create), ADMINS));
        routes.add(new Route(PUT, one, bodyBytesMax, changing(endpoints::replace), ADMINS));
        routes.add(new Route(PATCH, one, bodyBytesMax, changing(endpoints::change), ADMINS));
        routes.add(new Route(DELETE, one, bodyBytesMax, changing(endpoints::delete), ADMINS));
    }

    private void parts(String path, Thing thing, PartEndpoints.Part part) {
        var endpoints = new PartEndpoints(thing, part, declaring);
        var one = path + "/{}";
        routes.add(new Route(GET, path, 0, new Endpoint.Direct(endpoints::list), OVERSEERS));
        routes.add(new Route(GET, one, 0, new Endpoint.Direct(endpoints::show), OVERSEERS));
        routes.add(new Route(POST, path, bodyBytesMax, changing(endpoints::create), ADMINS));
        routes.add(new Route(PUT, one, bodyBytesMax, changing(endpoints::replace), ADMINS));
        routes.add(new Route(DELETE, one, bodyBytesMax, changing(endpoints::delete), ADMINS));
    }

    private static Endpoint changing(Function<Exchange, Reply> answer) {
        return new Endpoint.Blocking(answer);
    }
}
