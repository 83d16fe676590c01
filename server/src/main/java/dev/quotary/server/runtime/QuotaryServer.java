package dev.quotary.server.runtime;

import dev.quotary.api.live.Live;
import dev.quotary.api.live.LiveOptions;
import dev.quotary.catalog.Role;
import dev.quotary.gateway.upstream.Providers;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.server.config.Config;
import dev.quotary.server.metrics.Metrics;
import dev.quotary.server.metrics.MetricsPage;
import dev.quotary.sql.SqlSpotChecks;
import dev.quotary.usage.Reconciler;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * One running server.
 *
 * <p>Start: stores are opened, declarations loaded, what the last run left taken up, and only then is anything admitted. Stop: no new
 * calls are taken, running ones end, the ledger is drained, the journal closed.
 */
public final class QuotaryServer implements AutoCloseable {
    /** How long running calls may still take when the server stops. */
    private static final long DRAIN_SECONDS = 30;

    private final Stores stores;
    private final Core core;
    private final Repeating reconciling;
    private final Providers providers;
    private final Vertx vertx;
    private final List<Listening> loops;
    private final Config.Listen listen;
    private final Optional<String> newAdminKey;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    private QuotaryServer(Parts parts, Vertx vertx, List<Listening> loops, Started started) {
        this.stores = parts.stores();
        this.core = parts.core();
        this.reconciling = started.reconciling();
        this.vertx = vertx;
        this.loops = loops;
        this.providers = started.providers();
        this.listen = started.listen();
        this.newAdminKey = started.newAdminKey();
    }

    private record Started(
            Config.Listen listen, Optional<String> newAdminKey, Repeating reconciling, Providers providers) {}

    /** What works without listening. */
    private record Parts(Stores stores, Core core, Metrics metrics, Upstreams upstreams) {
        Reconciler reconciler() {
            return new Reconciler(
                    core.engine().catalog(),
                    core.counters(),
                    new SqlSpotChecks(stores.database()),
                    core.engine().clock(),
                    new DriftLog(metrics));
        }
    }

    /**
     * Starts a server and returns when it takes calls.
     *
     * @param environment where {@code QUOTARY_ADMIN_KEY} and {@code QUOTARY_CONSOLE_PASSWORD} may be
     * @throws StoreUnavailableException if the data directory cannot be used
     * @throws dev.quotary.http.InvalidInputException if a plans file cannot be accepted
     */
    public static QuotaryServer start(Config config, InstantSource clock, Map<String, String> environment) {
        var metrics = new Metrics(clock, config.providers().keySet());
        var live = new Live(Long.toString(clock.instant().toEpochMilli(), Character.MAX_RADIX), LiveOptions.DEFAULT);
        var stores = Stores.open(config.store(), clock, metrics, live);
        try {
            var upstreams = Upstreams.of(config, clock);
            var password = Optional.ofNullable(environment.get("QUOTARY_CONSOLE_PASSWORD"));
            var core = Core.start(stores, config, clock, new Core.Outside(upstreams, live, password));
            var newAdminKey = core.ensureAdminKey(Optional.ofNullable(environment.get("QUOTARY_ADMIN_KEY")));
            return listening(new Parts(stores, core, metrics, upstreams), config, newAdminKey);
        } catch (RuntimeException e) {
            stores.close();
            throw e;
        }
    }

    private static QuotaryServer listening(Parts parts, Config config, Optional<String> newAdminKey) {
        int loopCount = Math.max(1, Runtime.getRuntime().availableProcessors());
        var vertx =
                Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loopCount).setPreferNativeTransport(true));
        var core = parts.core();
        var upstreams = parts.upstreams();
        var page = new MetricsPage(
                config.metrics(),
                core.authentication(),
                parts.metrics(),
                () -> Stream.of(
                                Gauges.of(
                                        parts.stores(),
                                        core.engine().admissions().queue(),
                                        core.api().syncs()),
                                upstreams.snapshots())
                        .flatMap(List::stream)
                        .toList());
        var faces = new Listening.Faces(
                upstreams.providers(),
                core.authentication(),
                core.engine(),
                new Listening.Pages(
                        core.handler(), core.pages(), config.listen().embedding()),
                new Listening.Watch(parts.metrics(), page));
        var loops = new CopyOnWriteArrayList<Listening>();
        // Instances of one deployment get an event loop each; deployed one by one, two of them may meet on the same
        // loop.
        var instances = new DeploymentOptions().setInstances(loopCount);
        try {
            vertx.deployVerticle(() -> loop(config, faces, loops), instances)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            vertx.close();
            var address = config.listen().host() + ":" + config.listen().port();
            throw new StoreUnavailableException("cannot listen on " + address, e.getCause());
        }
        var started =
                new Started(config.listen(), newAdminKey, Jobs.reconciling(parts.reconciler()), upstreams.providers());
        return new QuotaryServer(parts, vertx, loops, started);
    }

    private static Listening loop(Config config, Listening.Faces faces, List<Listening> loops) {
        var loop = new Listening(config.listen().host(), config.listen().port(), faces);
        loops.add(loop);
        return loop;
    }

    public int port() {
        return loops.getFirst().actualPort();
    }

    /** Where it listens, such as {@code http://127.0.0.1:8080}. */
    public String url() {
        return "http://" + listen.host() + ":" + port();
    }

    /** The admin key, if this start made one: the only time it can be seen. */
    public Optional<String> newAdminKey() {
        return newAdminKey;
    }

    /**
     * Makes an API key and returns its secret.
     *
     * @param subject whom it acts for; empty for a service key
     */
    public String createKey(String organization, Optional<String> subject) {
        return core.createKey(organization, subject.isPresent() ? Role.SUBJECT : Role.SERVICE, subject);
    }

    /** Blocks until the server has stopped. */
    public void awaitClose() throws InterruptedException {
        closed.await();
    }

    /** Stops the server; harmless to repeat. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        try {
            // Before the loops drain, which would wait for them.
            core.engine().admissions().queue().close();
            providers.close();
            core.streams().close();
            // All at once: a loop that waited for its turn would take new calls meanwhile.
            Future.all(loops.stream()
                            .map(loop -> loop.drain(DRAIN_SECONDS, TimeUnit.SECONDS))
                            .toList())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        } finally {
            reconciling.close();
            stores.close();
            closed.countDown();
        }
    }
}
