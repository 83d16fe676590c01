package dev.quotary.api;

import dev.quotary.analytics.Analytics;
import dev.quotary.api.declare.Declaring;
import dev.quotary.api.key.KeyOrder;
import dev.quotary.api.key.KeyUseKeeper;
import dev.quotary.api.key.Keys;
import dev.quotary.api.key.Sealing;
import dev.quotary.api.key.Secret;
import dev.quotary.api.live.Live;
import dev.quotary.api.live.LiveLoop;
import dev.quotary.api.live.LiveOptions;
import dev.quotary.api.provider.MasterKey;
import dev.quotary.api.provider.MasterKeys;
import dev.quotary.api.provider.ProviderKeys;
import dev.quotary.api.webhook.WebhookSecrets;
import dev.quotary.call.Ids;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Declarations;
import dev.quotary.catalog.Role;
import dev.quotary.http.Authentication;
import dev.quotary.http.KeyRing;
import dev.quotary.http.Sessions;
import dev.quotary.ledger.Difference;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Limiter;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.price.BuiltInPrices;
import dev.quotary.price.PriceBook;
import dev.quotary.provider.openai.ChatDialect;
import dev.quotary.provider.openai.OpenAiChat;
import dev.quotary.provider.openai.api.OpenAiApi;
import dev.quotary.provider.text.Tokenizers;
import dev.quotary.queue.Alarms;
import dev.quotary.queue.Bounds;
import dev.quotary.sql.Snapshots;
import dev.quotary.sql.SqlAuditLog;
import dev.quotary.sql.SqlCatalogStore;
import dev.quotary.sql.SqlKeyUses;
import dev.quotary.sql.SqlLedger;
import dev.quotary.sql.SqlMeterQueries;
import dev.quotary.sql.SqlReportedEvents;
import dev.quotary.sql.SqlSyncs;
import dev.quotary.sql.SqliteAudit;
import dev.quotary.sql.SqliteDatabase;
import dev.quotary.sql.query.SqlSubjectUses;
import dev.quotary.sql.query.SqlUsageQueries;
import dev.quotary.testkit.FakeClock;
import dev.quotary.usage.AdmissionQueue;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.CatalogCoverage;
import dev.quotary.usage.CounterAudit;
import dev.quotary.usage.Engine;
import dev.quotary.usage.Graces;
import dev.quotary.usage.InputRatios;
import dev.quotary.usage.Merging;
import dev.quotary.usage.Rebinding;
import dev.quotary.usage.Settlements;
import dev.quotary.usage.Tariff;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A whole server for one test: what the composition root wires, on a directory of the test's own and a clock that it moves. */
final class ApiServer implements AutoCloseable {
    private static final AtomicLong RUNS = new AtomicLong();
    static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final PriceBook PRICES = BuiltInPrices.load();
    private static final Formats FORMATS = formats();

    final FakeClock clock;
    final AtomicBoolean ready = new AtomicBoolean(true);
    final Catalog catalog = new Catalog(new Declarations(Map.of(), Map.of(), Map.of(), PRICES));
    final String adminKey;

    /** The keys in use of each provider. */
    final Map<String, List<String>> providerKeys = new ConcurrentHashMap<>();

    private final ProviderKeys.Users providerKeyUsers = new ProviderKeys.Users() {
        @Override
        public Set<String> names() {
            return Set.of("openai", "local");
        }

        @Override
        public void use(String provider, List<Secret> secrets) {
            providerKeys.put(provider, secrets.stream().map(Secret::text).toList());
        }
    };

    final KeyUseKeeper keyUses;
    final Merging merging;

    private final Keys keys;
    private final Declaring declaring;
    private final Path file;
    private final SqliteDatabase database;
    private final SqlLedger ledger;
    private final MemoryLimiter limiter;
    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService alarms = Executors.newSingleThreadScheduledExecutor();
    private final HttpServer server;
    final UsageApi api;
    final AdmissionQueue queue;
    final Live live;
    private final LiveLoop streams;
    final InputRatios ratios = new InputRatios();

    private static Formats formats() {
        var tokenizers = new Tokenizers();
        return new Formats(
                new OpenAiChat(ChatDialect.OPENAI, tokenizers),
                List.of(new Formats.Spoken(new OpenAiApi(ChatDialect.OPENAI, tokenizers), List.of("openai", "xai"))));
    }

    private ApiServer(Path directory, FakeClock clock, UnaryOperator<Limiter> asSeen, LiveOptions streamed) {
        this.clock = clock;
        this.live = new Live(Long.toString(RUNS.incrementAndGet()), streamed);
        limiter = new MemoryLimiter();
        file = directory.resolve("quotary.db");
        database = SqliteDatabase.open(file);
        ledger = new SqlLedger(database, Settlements.follower(limiter, clock).and(live));
        var store = new SqlCatalogStore(database);
        var ring = new KeyRing();
        var random = new SplittableRandom(7);
        keys = new Keys(store, ring, Sealing.NONE, random, clock);
        keys.load();
        keyUses = new KeyUseKeeper(ring, new SqlKeyUses(database), clock);
        adminKey = keys.create(KeyOrder.SERVER_ADMIN, Actor.SERVER).secret().text();
        declaring = new Declaring(catalog, store, ledger, clock, PRICES);
        declaring.load();
        takeSums();
        merging = new Merging(catalog, ledger, clock);
        MergesLeft.block(merging, catalog, declaring, clock.instant()).moveRest();
        var seen = asSeen.apply(limiter);
        queue = new AdmissionQueue(
                seen, clock, new Bounds(3, 3, 10_000), Alarms.of(alarms, System::nanoTime), blocking);
        catalog.onChange(queue::lookAgain);
        var engine = new Engine(
                catalog,
                new Admissions(catalog, seen, clock, queue, Optional.of(new Graces(ledger))),
                new Settlements(catalog, ledger, clock, merging),
                new Tariff(catalog),
                ratios,
                new Ids(clock, random),
                clock);
        var masters = masters();
        var providerKeys = new ProviderKeys(store, masters, random, clock, providerKeyUsers);
        providerKeys.load();
        var webhookSecrets = new WebhookSecrets(store, masters, random, clock);
        webhookSecrets.load();
        var access = new Access(
                new Authentication(ring, clock, new Sessions(ring, random, false)), keys, providerKeys, webhookSecrets);
        var audit = new CounterAudit(catalog, new CounterAudit.Counters(limiter, limiter), ledger, clock);
        var runtime = new ApiRuntime(clock, blocking, ready::get, ApiOptions.DEFAULT)
                .with(audit)
                .with(ledger)
                .with(new SqlAuditLog(database))
                .with(live)
                .with(analytics())
                .simulatingWith(MemoryLimiter::new)
                .with(reported(new Snapshots(database, ledger)))
                .with(new SqlSyncs(database));
        streams = LiveLoop.start(
                live, new LiveLoop.Parts(new LiveJson(), engine.admissions(), Optional.empty()), System::nanoTime);
        api = new UsageApi(engine, access, declaring, FORMATS, runtime);
        server = await(vertx.createHttpServer().requestHandler(api).listen(0, "127.0.0.1"));
    }

    private static MasterKeys masters() {
        return new MasterKeys(
                Optional.of(
                        MasterKey.of(new Secret("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"))),
                Optional.empty());
    }

    /** What the ledger has summed up comes back into the limiter. */
    private void takeSums() {
        var rebinding = new Rebinding(catalog);
        ledger.openSums(
                clock.instant(),
                sum -> rebinding.counter(sum).ifPresent(counter -> {
                    limiter.correct(counter, sum.used());
                    limiter.exceeded(counter, sum.exceededAt());
                }));
    }

    private Analytics analytics() {
        var snapshots = new Snapshots(database, ledger);
        var queries = new SqlUsageQueries(snapshots);
        return new Analytics(queries, queries, new SqlSubjectUses(snapshots));
    }

    private static Reported reported(Snapshots snapshots) {
        return new Reported(new SqlMeterQueries(snapshots), new SqlReportedEvents(snapshots));
    }

    /** A server on an empty or used directory, at {@link #START}. */
    static ApiServer in(Path directory) {
        return in(directory, UnaryOperator.identity());
    }

    /** As {@link #in(Path)}, where endpoints see the limiter through something. */
    static ApiServer in(Path directory, UnaryOperator<Limiter> asSeen) {
        return new ApiServer(directory, new FakeClock(START), asSeen, LiveOptions.DEFAULT);
    }

    /** As {@link #in(Path)}, with other bounds of streams. */
    static ApiServer in(Path directory, LiveOptions streamed) {
        return new ApiServer(directory, new FakeClock(START), UnaryOperator.identity(), streamed);
    }

    /** A client with a new key of role admin of one organization. */
    ApiClient adminOf(String organization) {
        return as(key(Role.ADMIN, organization, null));
    }

    /** A new key. */
    String key(Role role, @Nullable String organization, @Nullable String subject) {
        return keys.create(
                        new KeyOrder(
                                role,
                                organization == null ? null : new OrganizationKey(organization),
                                subject == null ? null : new SubjectKey(subject),
                                "test",
                                null),
                        Actor.SERVER)
                .secret()
                .text();
    }

    /** Has what brings accepted batches into the ledger do a step. */
    void recordSyncs() {
        api.syncs().orElseThrow().step();
    }

    int port() {
        return server.actualPort();
    }

    /** A key of role service of organization acme. */
    String serviceKey() {
        return key(Role.SERVICE, "acme", null);
    }

    ApiClient as(String key) {
        return new ApiClient(port(), key);
    }

    ApiClient admin() {
        return as(adminKey);
    }

    /** A client with a key of role service of organization acme. */
    ApiClient service() {
        return as(serviceKey());
    }

    /** Makes a counter of a subject's plan wrong, in the window of now. */
    void miscount(String organization, String limit, String subject, long used) {
        limiter.correct(counter(organization, limit, subject, clock.instant()), used);
    }

    /** What the ledger has summed up for a limit of a subject's plan in the window around an instant. */
    long sum(String organization, String limit, String subject, Instant at) {
        return ledger.sum(counter(organization, limit, subject, at))
                .toCompletableFuture()
                .join();
    }

    /** What of the stored sums and rollups is not as the events make it. */
    List<Difference> differences() {
        ledger.openSums(clock.instant(), _ -> {});
        var found = new ArrayList<Difference>();
        new SqliteAudit(file).verify(new CatalogCoverage(catalog), clock.instant(), found::add);
        return found;
    }

    private CounterKey counter(String organization, String limit, String subject, Instant at) {
        var key = new OrganizationKey(organization);
        var account =
                catalog.account(key, new SubjectKey(subject), clock.instant()).orElseThrow();
        var counted = account.limits().stream()
                .filter(candidate -> candidate.key().value().equals(limit))
                .findFirst()
                .orElseThrow()
                .counted();
        var window = counted.window().at(at, account.organization().calendar());
        return new CounterKey(key, counted, subject, window);
    }

    private static <T> T await(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the server did not start or stop", e);
        }
    }

    @Override
    public void close() {
        queue.close();
        streams.close();
        await(server.close());
        await(vertx.close());
        blocking.close();
        alarms.shutdownNow();
        ledger.close();
        database.close();
    }
}
