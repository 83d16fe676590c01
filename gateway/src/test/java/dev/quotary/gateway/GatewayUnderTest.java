package dev.quotary.gateway;

import dev.quotary.call.Ids;
import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.ApiKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Declarations;
import dev.quotary.catalog.Organization;
import dev.quotary.catalog.Plan;
import dev.quotary.catalog.PlanKey;
import dev.quotary.catalog.Role;
import dev.quotary.gateway.upstream.Choice;
import dev.quotary.gateway.upstream.Endpoint;
import dev.quotary.gateway.upstream.Lanes;
import dev.quotary.gateway.upstream.Provider;
import dev.quotary.gateway.upstream.Providers;
import dev.quotary.gateway.upstream.Retries;
import dev.quotary.gateway.upstream.Slots;
import dev.quotary.gateway.upstream.SubjectFrom;
import dev.quotary.gateway.upstream.Timeouts;
import dev.quotary.gateway.upstream.UpstreamObserver;
import dev.quotary.http.Authentication;
import dev.quotary.http.KeyRing;
import dev.quotary.http.Sessions;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Exceeded;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Limit;
import dev.quotary.limit.LimitKey;
import dev.quotary.limit.Maximum;
import dev.quotary.limit.OnStoreFailure;
import dev.quotary.limit.Scope;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.meter.MeterKey;
import dev.quotary.price.BuiltInPrices;
import dev.quotary.provider.openai.ChatDialect;
import dev.quotary.provider.openai.OpenAiChat;
import dev.quotary.provider.text.Tokenizers;
import dev.quotary.queue.Alarms;
import dev.quotary.sql.SqlLedger;
import dev.quotary.sql.SqliteDatabase;
import dev.quotary.testkit.FakeClock;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Engine;
import dev.quotary.usage.InputRatios;
import dev.quotary.usage.Settlements;
import dev.quotary.usage.Tariff;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The gateway over a ledger of its own, before a provider that takes one call at a time; and a limit that lets one call run at a time. So
 * a call that keeps its slot or its hold shows in the next one.
 */
final class GatewayUnderTest implements AutoCloseable {
    static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final OrganizationKey ACME = new OrganizationKey("acme");
    private static final String SECRET = "qk_live_4f1a9c";
    private static final PlanKey PLAN = new PlanKey("free");

    final FaultyFormat format = new FaultyFormat(new OpenAiChat(ChatDialect.OPENAI, new Tokenizers()));
    final Slots slots = new Slots(new Slots.Options(1, 0, Duration.ZERO), Alarms.NEVER, Runnable::run);

    private final MemoryLimiter limiter = new MemoryLimiter();
    private final FakeClock clock = new FakeClock(START);
    private final Vertx vertx = Vertx.vertx();
    private final SqliteDatabase database;
    private final SqlLedger ledger;
    private final HttpServer server;

    private GatewayUnderTest(Path directory, URI upstream, boolean bounded) {
        database = SqliteDatabase.open(directory.resolve("quotary.db"));
        ledger = new SqlLedger(database, Settlements.follower(limiter, clock));
        ledger.openSums(START, _ -> {});
        var catalog = new Catalog(declarations());
        var engine = new Engine(
                catalog,
                new Admissions(catalog, limiter, clock),
                new Settlements(catalog, ledger, clock),
                new Tariff(catalog),
                new InputRatios(),
                new Ids(clock, new SplittableRandom(7)),
                clock);
        var ring = new KeyRing();
        ring.put(new ApiKey(
                new KeyId("k1"),
                KeyRing.hash(SECRET),
                "qk_live",
                "test",
                Role.SERVICE,
                ACME,
                null,
                START,
                null,
                List.of(),
                null));
        var lanes =
                new Lanes(List.of(new Endpoint(upstream, Optional.empty())), Choice.ROUND_ROBIN, UpstreamObserver.NONE);
        var policy = new Provider.Policy(
                false,
                Retries.DEFAULT,
                List.of(),
                bounded ? Optional.of(slots) : Optional.empty(),
                new SubjectFrom.Nowhere());
        var provider = new Provider("openai", format.api(), lanes, Timeouts.DEFAULT, policy, UpstreamObserver.NONE);
        var gateway = new Gateway(
                new Providers(List.of(provider), new SplittableRandom(7)),
                new Authentication(ring, clock, new Sessions(ring, new SplittableRandom(7), false)),
                engine,
                vertx,
                vertx.createHttpClient());
        server = await(vertx.createHttpServer().requestHandler(gateway).listen(0, "127.0.0.1"));
    }

    /** @param bounded whether the provider takes one call at a time; else calls go there without a step on the way */
    static GatewayUnderTest start(Path directory, URI upstream, boolean bounded) {
        return new GatewayUnderTest(directory, upstream, bounded);
    }

    private static Declarations declarations() {
        var plan = new Plan(
                PLAN,
                0,
                null,
                List.of(
                        limit("running", MeterKey.REQUESTS, "in-flight", 1),
                        limit("calls", MeterKey.REQUESTS, "day", 1_000),
                        limit("tokens", MeterKey.TOKENS, "day", 1_000_000)));
        var acme = new Organization(ACME, "Acme", WindowCalendar.UTC, PLAN, null, true, true);
        return new Declarations(Map.of(), Map.of(PLAN, plan), Map.of(ACME, acme), BuiltInPrices.load());
    }

    private static Limit limit(String key, MeterKey meter, String window, long maximum) {
        return new Limit(
                new LimitKey(key),
                counted(meter, window),
                new Maximum(maximum),
                List.of(),
                Exceeded.BLOCK,
                OnStoreFailure.DENY);
    }

    private static Counted counted(MeterKey meter, String window) {
        return new Counted(meter, Filter.ALL, Scope.ORGANIZATION, WindowSpec.parse(window));
    }

    URI chat() {
        return URI.create("http://127.0.0.1:" + server.actualPort() + "/openai/v1/chat/completions");
    }

    String key() {
        return "Bearer " + SECRET;
    }

    /** Calls that are charged, as the ledger sums them up. */
    long charged() {
        return sum(MeterKey.REQUESTS);
    }

    /** Tokens that are charged. */
    long tokens() {
        return sum(MeterKey.TOKENS);
    }

    private long sum(MeterKey meter) {
        var counted = counted(meter, "day");
        var counter =
                new CounterKey(ACME, counted, ACME.value(), counted.window().at(START, WindowCalendar.UTC));
        return ledger.sum(counter).toCompletableFuture().join();
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the gateway did not start or stop", e);
        }
    }

    @Override
    public void close() {
        await(server.close());
        await(vertx.close());
        ledger.close();
        database.close();
        slots.close();
    }
}
