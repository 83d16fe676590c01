package dev.quotary.server.runtime;

import dev.quotary.api.Access;
import dev.quotary.api.ApiOptions;
import dev.quotary.api.ApiRuntime;
import dev.quotary.api.LiveJson;
import dev.quotary.api.MergesLeft;
import dev.quotary.api.Reported;
import dev.quotary.api.UsageApi;
import dev.quotary.api.declare.ApplyOrder;
import dev.quotary.api.declare.Declaring;
import dev.quotary.api.key.KeyOrder;
import dev.quotary.api.key.KeyUseKeeper;
import dev.quotary.api.key.Keys;
import dev.quotary.api.key.Secret;
import dev.quotary.api.live.Live;
import dev.quotary.api.live.LiveLoop;
import dev.quotary.api.provider.ProviderKeys;
import dev.quotary.api.webhook.WebhookSecrets;
import dev.quotary.call.Ids;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Declarations;
import dev.quotary.catalog.Role;
import dev.quotary.console.ConsolePages;
import dev.quotary.console.Passwords;
import dev.quotary.http.Authentication;
import dev.quotary.http.Documents;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.KeyRing;
import dev.quotary.http.Sessions;
import dev.quotary.ledger.Tail;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.price.BuiltInPrices;
import dev.quotary.price.ModelPattern;
import dev.quotary.price.PriceBook;
import dev.quotary.price.PriceRow;
import dev.quotary.provider.text.Tokenizers;
import dev.quotary.server.config.Config;
import dev.quotary.sql.PostgresDatabase;
import dev.quotary.sql.PostgresTail;
import dev.quotary.sql.Snapshots;
import dev.quotary.sql.SqlAuditLog;
import dev.quotary.sql.SqlKeyUses;
import dev.quotary.sql.SqlMeterQueries;
import dev.quotary.sql.SqlReportedEvents;
import dev.quotary.sql.SqlRollups;
import dev.quotary.sql.SqlSyncs;
import dev.quotary.sql.admission.HeldAudit;
import dev.quotary.time.ForwardClock;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.CounterAudit;
import dev.quotary.usage.CounterPages;
import dev.quotary.usage.Engine;
import dev.quotary.usage.Graces;
import dev.quotary.usage.InputRatios;
import dev.quotary.usage.Merging;
import dev.quotary.usage.Recovery;
import dev.quotary.usage.Settlements;
import dev.quotary.usage.Tariff;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine over its stores, with everything declared and recovered: ready to decide. */
record Core(Engine engine, Access access, UsageApi api, ConsolePages pages, CounterPages counters, LiveLoop streams) {
    private static final Logger LOG = LoggerFactory.getLogger(Core.class);

    /**
     * What the engine tells others, and is told by them.
     *
     * @param live told of what happens
     * @param password of the console, where the environment sets it
     */
    record Outside(ProviderKeys.Users upstreams, Live live, Optional<String> password) {}

    static Core start(Stores stores, Config config, InstantSource source, Outside outside) {
        var clock = new ForwardClock(source);
        var prices = prices(config);
        var catalog = new Catalog(new Declarations(Map.of(), Map.of(), Map.of(), prices));
        var declaring = new Declaring(catalog, stores.catalogStore(), stores.ledger(), clock, prices);
        declaring.load();
        var queue = WaitingCalls.over(stores.limiter(), clock);
        catalog.onChange(queue::lookAgain);
        var random = new SecureRandom();
        var ring = new KeyRing();
        var keys = new Keys(stores.catalogStore(), ring, config.masterKeys(), random, clock);
        keys.load();
        stores.closeFirst(Jobs.keyUses(new KeyUseKeeper(ring, new SqlKeyUses(stores.database()), clock)));
        var providerKeys =
                new ProviderKeys(stores.catalogStore(), config.masterKeys(), random, clock, outside.upstreams());
        providerKeys.load();
        var webhookSecrets = new WebhookSecrets(stores.catalogStore(), config.masterKeys(), random, clock);
        webhookSecrets.load();
        var merging = new Merging(catalog, stores.ledger(), clock);
        var engine = new Engine(
                catalog,
                new Admissions(catalog, stores.limiter(), clock, queue, Optional.of(new Graces(stores.ledger()))),
                new Settlements(catalog, stores.ledger(), clock, merging),
                new Tariff(catalog),
                new InputRatios(),
                new Ids(clock, random),
                clock);
        var passwords = passwords(stores, random, clock, outside.password());
        var shown = new CatalogFeed.Shown(declaring, keys, providerKeys, passwords, webhookSecrets);
        stores.sharing().ifPresent(sharing -> stores.closeFirst(joined(sharing, stores.limiter(), engine, shown)));
        log(new Recovery(catalog, stores.ledger(), clock).recover(stores.limiter()));
        finishMerges(merging, catalog, declaring, clock.instant());
        config.apply().forEach(file -> apply(declaring, file));
        boolean secure = config.listen().publicUrl().startsWith("https:");
        var authentication = new Authentication(ring, clock, new Sessions(ring, random, secure));
        var access = new Access(authentication, keys, providerKeys, webhookSecrets);
        CounterPages counters = stores.sharing()
                .<CounterPages>map(sharing -> new HeldAudit(sharing.connections()))
                .orElseGet(() -> new CounterAudit(
                        catalog, new CounterAudit.Counters(stores.limiter(), stores.memory()), stores.ledger(), clock));
        var auditLog = new SqlAuditLog(stores.database());
        config.retention().auditLog().ifPresent(kept -> stores.closeFirst(Jobs.auditLog(auditLog, kept, clock)));
        // The server listens only after everything has been recovered, so that whoever can ask may also use it.
        var runtime = new ApiRuntime(
                        engine.clock(), Executors.newVirtualThreadPerTaskExecutor(), () -> true, ApiOptions.DEFAULT)
                .with(counters)
                .with(stores.ledger())
                .with(auditLog)
                .with(outside.live())
                .with(stores.analytics())
                .simulatingWith(MemoryLimiter::new)
                .with(reported(stores))
                .with(new SqlSyncs(stores.database()));
        stores.closeFirst(RollupKeeping.start(new SqlRollups(stores.database()), clock));
        var api = api(engine, access, declaring, runtime);
        api.syncs().ifPresent(recorder -> stores.closeFirst(Jobs.syncs(recorder)));
        var streams = LiveLoop.start(outside.live(), liveParts(stores, engine), System::nanoTime);
        var pages = new ConsolePages(authentication, passwords, clock);
        return new Core(engine, access, api, pages, counters, streams);
    }

    /** Where other servers write to the ledger as well, what they record is read out of it. */
    private static LiveLoop.Parts liveParts(Stores stores, Engine engine) {
        Optional<Tail> tail = stores.sharing().isPresent() && stores.database() instanceof PostgresDatabase shared
                ? Optional.of(new PostgresTail(shared))
                : Optional.empty();
        return new LiveLoop.Parts(new LiveJson(), engine.admissions(), tail);
    }

    private static Passwords passwords(
            Stores stores, SecureRandom random, InstantSource clock, Optional<String> password) {
        try {
            return new Passwords(stores.catalogStore(), random, clock, password);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("", 0, String.valueOf(e.getMessage()));
        }
    }

    /** Repeating a merge finishes it as well: a store that fails now does not keep the server from starting. */
    private static void finishMerges(Merging merging, Catalog catalog, Declaring declaring, Instant now) {
        try {
            var left = MergesLeft.block(merging, catalog, declaring, now);
            Thread.ofVirtual().name("merges-left").start(() -> moveRest(left));
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("merges of visitors that the last run may have left are not finished");
        }
    }

    private static void moveRest(MergesLeft left) {
        try {
            left.moveRest();
        } catch (RuntimeException | Error e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("what merged visitors used last may not all be moved; the next start moves it");
        }
    }

    /** Begins to follow what other servers declare, and to look after what they leave. */
    private static NodeWatch joined(Sharing sharing, Limiter limiter, Engine engine, CatalogFeed.Shown shown) {
        var store = Objects.requireNonNull(sharing.catalog(), "the catalog is open");
        var feed = new CatalogFeed(store, shown);
        feed.catchUp();
        engine.catalog().follow(feed);
        store.shownBy(feed);
        var takeover =
                new NodeWatch.Takeover(sharing.nodes(), limiter, engine.settlements(), engine.tariff(), engine.clock());
        var watch = new NodeWatch(sharing.nodes(), feed, takeover);
        watch.join(sharing.runs());
        return watch;
    }

    private static void log(Recovery.Recovered recovered) {
        if (recovered.reservations() + recovered.interruptedCalls() > 0) {
            LOG.atInfo()
                    .addKeyValue("reservations", recovered.reservations())
                    .addKeyValue("interrupted_calls", recovered.interruptedCalls())
                    .log("took up what the last run left");
        }
    }

    private static Reported reported(Stores stores) {
        var snapshots = new Snapshots(stores.database(), stores.ledger());
        return new Reported(new SqlMeterQueries(snapshots), new SqlReportedEvents(snapshots));
    }

    private static UsageApi api(Engine engine, Access access, Declaring declaring, ApiRuntime runtime) {
        return new UsageApi(engine, access, declaring, ProviderApis.formats(new Tokenizers(), engine.clock()), runtime);
    }

    private static PriceBook prices(Config config) {
        var free = config.providers().entrySet().stream()
                .filter(entry -> entry.getValue().free())
                .map(entry -> PriceRow.free(entry.getKey() + "/*@configured", new ModelPattern(entry.getKey(), "*")))
                .toList();
        return BuiltInPrices.load().with(free);
    }

    private static void apply(Declaring declaring, Path file) {
        try {
            declaring.apply(Documents.yaml(Files.readString(file)), ApplyOrder.by(Actor.start(file.toString())));
        } catch (InvalidInputException e) {
            throw new InvalidInputException(e.pointer(), 0, file + ": " + e.located());
        } catch (IOException e) {
            throw new InvalidInputException("", 0, "the plans file " + file + " cannot be read: " + e.getMessage());
        }
    }

    Authentication authentication() {
        return access.authentication();
    }

    Handler<HttpServerRequest> handler() {
        return api;
    }

    /**
     * Sees to it that somebody can administer the server.
     *
     * @param chosen the operator's own secret
     * @throws InvalidInputException if it opens nothing any more
     * @return the secret that was made, if none was chosen and no admin key was there
     */
    Optional<String> ensureAdminKey(Optional<String> chosen) {
        if (chosen.isPresent()) {
            adopt(new Secret(chosen.get()));
            return Optional.empty();
        }
        return access.keys().administered()
                ? Optional.empty()
                : Optional.of(access.keys()
                        .create(KeyOrder.SERVER_ADMIN, Actor.SERVER)
                        .secret()
                        .text());
    }

    /** A secret that was revoked does not come back to life because it still stands in somebody's environment. */
    private void adopt(Secret chosen) {
        try {
            access.keys().adopt(KeyOrder.SERVER_ADMIN, chosen);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("", 0, "QUOTARY_ADMIN_KEY: " + e.getMessage());
        }
    }

    String createKey(String organization, Role role, Optional<String> subject) {
        var order = new KeyOrder(
                role,
                new OrganizationKey(organization),
                subject.map(SubjectKey::new).orElse(null),
                role.key(),
                null);
        return access.keys().create(order, Actor.SERVER).secret().text();
    }
}
