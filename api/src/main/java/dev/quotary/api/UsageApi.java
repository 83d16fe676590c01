package dev.quotary.api;

import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import dev.quotary.api.Endpoint.Begun;
import dev.quotary.api.Endpoint.Blocking;
import dev.quotary.api.Endpoint.Direct;
import dev.quotary.api.Endpoint.Staged;
import dev.quotary.api.declare.Declaring;
import dev.quotary.api.prices.PriceImport;
import dev.quotary.api.reference.ReferencePage;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Role;
import dev.quotary.catalog.Subject;
import dev.quotary.http.Answers;
import dev.quotary.http.Authentication;
import dev.quotary.http.Bodies;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Principal;
import dev.quotary.http.ProblemException;
import dev.quotary.usage.Engine;
import dev.quotary.usage.Repricing;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The REST API as one handler of HTTP requests: everything under {@code /api/}, its reference at {@code /docs}, {@code /healthz} and
 * {@code /readyz}.
 *
 * <p>Safe for many event loops. Every answer is sent on the event loop that its request came in on; what may block runs elsewhere.
 */
public final class UsageApi implements Handler<HttpServerRequest> {
    private static final String CONTRACT = "/api/v1/openapi.yaml";
    private static final byte[] NOTHING = new byte[0];

    private static final Set<Role> EVERYBODY = Set.of(Role.ofKeys());
    /** Who uses, or on whose behalf others use. */
    private static final Set<Role> USERS = Set.of(Role.ADMIN, Role.SERVICE, Role.SUBJECT);
    /** Who may see what is not about one subject. */
    private static final Set<Role> OVERSEERS = Set.of(Role.ADMIN, Role.SERVICE, Role.READ);

    private static final Set<Role> ADMINS = Set.of(Role.ADMIN);
    /** Who may see what is about one subject, which may be its own. */
    private static final Set<Role> VIEWERS = Set.of(Role.values());

    private final ReferencePage reference = new ReferencePage();
    private final RouteTable routes;
    private final WebhookEndpoint webhooks;
    private final Authentication authentication;
    private final Catalog catalog;
    private final Executor blocking;
    private final BooleanSupplier ready;
    private final Optional<SyncRecorder> syncs;
    private final Buffer contract = contract();

    public UsageApi(Engine engine, Access access, Declaring declaring, Formats formats, ApiRuntime runtime) {
        this.authentication = access.authentication();
        this.blocking = runtime.blocking();
        this.ready = runtime.ready();
        var clock = runtime.clock();
        this.catalog = engine.catalog();
        var calls = new CallReader(catalog);
        var costing = new Costing(engine.tariff());
        var decisions = new DecisionJson();
        var usage = new UsageReader(catalog, costing, new ProviderResponses(formats.answers()));
        var reservations = new ReservationEndpoints(engine, calls, costing, decisions, clock);
        var commit = new CommitEndpoint(engine, calls, usage);
        var reader = new RecordReader(engine.ids(), calls, usage);
        var records = new RecordEndpoint(engine.settlements(), reader, clock);
        var reading = new EventReading(catalog, calls, clock);
        this.webhooks = new WebhookEndpoint(
                declaring,
                access.webhookSecrets(),
                reading,
                engine.settlements(),
                new WebhookEndpoint.Runs(blocking, clock));
        var status = new StatusEndpoints(engine, calls, decisions, runtime.corrections());
        var queries = new QueryEndpoints(engine, calls, runtime);
        var overview =
                new OverviewEndpoints(queries, new SubjectRows(catalog, engine.admissions(), decisions), catalog);
        var estimate = new EstimateEndpoint(engine, calls, costing, formats.chat());
        var export =
                new ExportEndpoint(runtime.corrections(), engine.settlements(), catalog, calls, runtime.blocking());
        var streams = new LiveEndpoints(
                runtime.live(), new LiveEndpoints.Door(authentication, this::refuseBlocked), catalog, calls, clock);
        int body = runtime.options().bodyBytesMax();
        int batch = runtime.options().recordsBytesMax();
        var reserved = "/api/v1/usage/reservations";
        var all = new ArrayList<>(management(engine, access, declaring, runtime));
        all.addAll(ReportRoutes.of(engine, costing, reading, webhooks, runtime));
        all.addAll(InsightRoutes.of(engine, calls, runtime));
        all.addAll(AccessRoutes.of(access, engine, declaring, status, runtime));
        all.addAll(List.of(
                new Route(POST, "/api/v1/usage/check", body, deciding(engine, reservations::check), USERS),
                new Route(POST, reserved, body, beginning(engine, reservations::reserve), USERS),
                new Route(GET, reserved + "/{}", 0, beginning(engine, reservations::find), EVERYBODY),
                new Route(POST, reserved + "/{}/commit", body, beginning(engine, commit::commit), USERS),
                new Route(POST, reserved + "/{}/release", body, deciding(engine, reservations::release), USERS),
                new Route(POST, reserved + "/{}/extend", body, deciding(engine, reservations::extend), USERS),
                new Route(POST, "/api/v1/usage/records", batch, new Staged(records::record), USERS),
                new Route(POST, "/api/v1/usage/estimate", body, new Blocking(estimate::estimate), EVERYBODY),
                new Route(GET, "/api/v1/usage/status", 0, deciding(engine, status::status), VIEWERS),
                new Route(GET, "/api/v1/usage/events/{}", 0, new Staged(status::event), VIEWERS),
                new Route(GET, "/api/v1/usage/export", 0, new Staged(export::export), VIEWERS),
                new Route(GET, "/api/v1/usage/stream", 0, new Blocking(streams::usage), VIEWERS),
                new Route(GET, "/api/v1/admin/stream", 0, new Blocking(streams::everything), OVERSEERS),
                new Route(GET, "/api/v1/usage/events", 0, new Begun(queries::events), VIEWERS),
                new Route(GET, "/api/v1/usage/query", 0, new Begun(queries::query), VIEWERS),
                new Route(GET, "/api/v1/admin/summary", 0, new Blocking(overview::summary), OVERSEERS),
                new Route(GET, "/api/v1/admin/subjects", 0, new Blocking(overview::subjects), OVERSEERS),
                new Route(GET, "/api/v1/admin/subjects/{}", 0, new Blocking(overview::subject), OVERSEERS)));
        this.syncs = runtime.syncs().map(kept -> new SyncRecorder(kept, reader, engine.settlements(), clock));
        syncs.ifPresent(recorder -> all.addAll(syncs(recorder, engine, declaring, runtime)));
        this.routes = new RouteTable(all);
    }

    private static List<Route> syncs(SyncRecorder recorder, Engine engine, Declaring declaring, ApiRuntime runtime) {
        var clock = runtime.clock();
        var calls = new CallReader(engine.catalog());
        return new SyncEndpoints(recorder, calls, new Noting(declaring, clock), engine.ids(), clock)
                .routes(runtime.options());
    }

    /** Everything that is not about one call. */
    private static List<Route> management(Engine engine, Access access, Declaring declaring, ApiRuntime runtime) {
        var clock = runtime.clock();
        var catalog = engine.catalog();
        var calls = new CallReader(catalog);
        var noting = new Noting(declaring, clock);
        var subjects = new SubjectThing(catalog, calls);
        var organizations = new OrganizationThing(
                catalog,
                organization -> access.keys().keys().stream()
                        .anyMatch(key -> organization.equals(key.organization()) && key.valid(clock.instant())));
        var resets = new ResetEndpoints(engine.settlements(), calls, noting);
        var prices = new PriceEndpoints(new PriceImport(declaring, catalog), catalog, clock);
        var reprice = new RepriceEndpoint(
                runtime.corrections().map(ledger -> new Repricing(catalog, engine.tariff(), ledger, clock)),
                catalog,
                noting);
        var audit = new AuditEndpoints(runtime.counters());
        var simulate = new SimulateEndpoint(runtime.corrections(), runtime.trials(), declaring);
        var log = new AuditLogEndpoint(runtime.auditLog());
        int body = runtime.options().bodyBytesMax();
        int batch = runtime.options().recordsBytesMax();
        var overrides = new OverridesEndpoint(declaring, catalog, calls);
        var all = new ArrayList<>(ManagementRoutes.of(declaring, organizations, subjects, runtime));
        all.addAll(List.of(
                new Route(GET, "/api/v1/overrides", 0, new Blocking(overrides::list), OVERSEERS),
                new Route(POST, "/api/v1/admin/reprice", body, new Blocking(reprice::reprice), ADMINS),
                new Route(POST, "/api/v1/admin/simulate", batch, new Blocking(simulate::simulate), ADMINS),
                new Route(POST, "/api/v1/admin/verify-counters", body, new Blocking(audit::counters), ADMINS),
                new Route(GET, "/api/v1/prices", 0, new Direct(prices::list), OVERSEERS),
                new Route(GET, "/api/v1/prices/model", 0, new Direct(prices::show), OVERSEERS),
                new Route(POST, "/api/v1/prices/import", batch, new Blocking(prices::importFile), ADMINS),
                new Route(POST, "/api/v1/subjects/{}/reset", body, new Blocking(resets::reset), ADMINS),
                new Route(GET, "/api/v1/subjects/{}/resets", 0, new Staged(resets::resets), OVERSEERS),
                new Route(GET, "/api/v1/audit-log", 0, new Blocking(log::lines), ADMINS)));
        return all;
    }

    /** What brings accepted batches into the ledger, to be run beside this; empty where no batches are kept. */
    public Optional<SyncRecorder> syncs() {
        return syncs;
    }

    /** Every operation that takes a key. */
    List<Route> routes() {
        return routes.routes();
    }

    /** What asks the limiter: on the event loop only where that never waits. */
    static Endpoint deciding(Engine engine, Function<Exchange, Reply> answer) {
        return engine.admissions().immediate() ? new Direct(answer) : new Blocking(answer);
    }

    private static Endpoint beginning(Engine engine, Function<Exchange, CompletionStage<Reply>> answer) {
        return engine.admissions().immediate() ? new Staged(answer) : new Begun(answer);
    }

    @Override
    public void handle(HttpServerRequest request) {
        try {
            var path = request.path();
            switch (path) {
                case "/healthz" -> probe(request, true);
                case "/readyz" -> probe(request, ready.getAsBoolean());
                case CONTRACT -> contract(request);
                case null, default -> route(request, String.valueOf(path));
            }
        } catch (RuntimeException | Error e) {
            fail(request, e);
        }
    }

    private void route(HttpServerRequest request, String path) {
        if (ReferencePage.serves(path)) {
            reference.handle(request, path);
            return;
        }
        if (path.startsWith(WebhookEndpoint.PATH)) {
            webhooks.handle(request, path);
            return;
        }
        var match = routes.find(path)
                .orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is nothing at this path."));
        var route = match.routes().get(request.method());
        if (route == null) {
            request.response()
                    .putHeader(
                            HttpHeaders.ALLOW,
                            match.routes().keySet().stream()
                                    .map(Object::toString)
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
            throw new ProblemException(
                    ErrorCode.METHOD_NOT_ALLOWED, "This path does not take " + request.method() + ".");
        }
        var principal = authentication.of(request);
        principal.require(route.roles().toArray(Role[]::new));
        refuseBlocked(principal);
        if (route.bodyBytesMax() == 0) {
            run(request, route.endpoint(), new Exchange(request, principal, match.parameters(), NOTHING));
            return;
        }
        Bodies.read(request, route.bodyBytesMax())
                .onSuccess(body -> run(
                        request,
                        route.endpoint(),
                        new Exchange(request, principal, match.parameters(), body.getBytes())))
                .onFailure(failure -> fail(request, failure));
    }

    /** An operator who blocks a subject ends its portal at once; its own key may still look, and settle what it holds. */
    private void refuseBlocked(Principal principal) {
        var organization = principal.key().organization();
        var subject = principal.key().subject();
        if (principal.role() == Role.PORTAL
                && organization != null
                && subject != null
                && catalog.subject(organization, subject)
                        .filter(Subject::blocked)
                        .isPresent()) {
            throw new ProblemException(ErrorCode.SUBJECT_BLOCKED, "This subject is blocked.");
        }
    }

    private void run(HttpServerRequest request, Endpoint endpoint, Exchange exchange) {
        try {
            switch (endpoint) {
                case Direct direct -> direct.answer().apply(exchange).send(request.response());
                case Staged staged -> {
                    var context = context();
                    var answer = staged.answer().apply(exchange);
                    // What is answered at once needs no further turn of the loop.
                    boolean atOnce = answer.toCompletableFuture().isDone();
                    answer.whenComplete((reply, failure) -> {
                        if (atOnce) {
                            finish(request, reply, failure);
                        } else {
                            context.runOnContext(_ -> finish(request, reply, failure));
                        }
                    });
                }
                case Begun slow -> {
                    var context = context();
                    blocking.execute(() -> begin(slow, exchange)
                            .whenComplete(
                                    (reply, failure) -> context.runOnContext(_ -> finish(request, reply, failure))));
                }
                case Blocking slow -> {
                    var context = context();
                    blocking.execute(() -> {
                        var reply = blockingReply(slow, exchange);
                        context.runOnContext(_ -> finish(request, reply, null));
                    });
                }
            }
        } catch (RuntimeException | Error e) {
            fail(request, e);
        }
    }

    /** Where the answer is to be sent. */
    private static Context context() {
        return Objects.requireNonNull(Vertx.currentContext(), "requests are handled on an event loop");
    }

    private static CompletionStage<Reply> begin(Begun endpoint, Exchange exchange) {
        try {
            return endpoint.answer().apply(exchange);
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static Reply blockingReply(Blocking endpoint, Exchange exchange) {
        try {
            return endpoint.answer().apply(exchange);
        } catch (RuntimeException | Error e) {
            return Reply.problem(Answers.problem(e));
        }
    }

    private static void finish(HttpServerRequest request, @Nullable Reply reply, @Nullable Throwable failure) {
        try {
            if (reply != null) {
                reply.send(request.response());
            } else if (failure != null) {
                fail(request, failure);
            }
        } catch (RuntimeException | Error e) {
            fail(request, e);
        }
    }

    private static void fail(HttpServerRequest request, Throwable failure) {
        Answers.problem(request.response(), Answers.problem(failure));
    }

    private static void probe(HttpServerRequest request, boolean good) {
        if (!request.method().equals(GET)) {
            throw new ProblemException(ErrorCode.METHOD_NOT_ALLOWED, "This path takes GET only.");
        }
        if (!good) {
            throw new ProblemException(ErrorCode.STORE_UNAVAILABLE, "The server cannot do its work now.");
        }
        Answers.json(request.response(), Reply.OK, json -> {
            json.writeStartObject();
            json.writeStringField("status", "ok");
            json.writeEndObject();
        });
    }

    private void contract(HttpServerRequest request) {
        if (!request.method().equals(GET)) {
            throw new ProblemException(ErrorCode.METHOD_NOT_ALLOWED, "This path takes GET only.");
        }
        request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                .end(contract);
    }

    private static Buffer contract() {
        try (var in = UsageApi.class.getResourceAsStream("/openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("the resource openapi.yaml is missing from the jar");
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("reading the resource openapi.yaml", e);
        }
    }
}
