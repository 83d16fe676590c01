package dev.quotary.e2e.crash;

import dev.quotary.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Two servers that decide together in one PostgreSQL, under the load of {@link CrashRig}: one is killed, the database is killed, both are,
 * or one is frozen; in turn, at random moments. In the end everything is compared.
 *
 * <p>All limits refuse while the database is away, so that nothing is admitted that the database does not know; a client then repeats
 * with the same id. A gateway call that was answered while the database was away is recorded when it is back; where its server dies before
 * that, or is frozen for so long that others take it for dead, what is recorded is an estimate that is marked as one.
 */
public final class PostgresCrashRig implements AutoCloseable {
    private static final String ADMIN_KEY = "qk_admin_0123456789abcdef0123456789abcdef";
    private static final String ORGANIZATION = "acme";
    private static final int SERVERS = 2;
    private static final int LOAD_MILLIS_MIN = 20;
    private static final int DATABASE_AWAY_MILLIS_MAX = 1_500;
    private static final int FREEZE_MILLIS_MIN = 500;
    private static final Duration LOAD_MAX = Duration.ofMillis(2_500);
    /** Longer than the lease of a server, after which the others take it for dead. */
    private static final Duration FREEZE_MAX = Duration.ofSeconds(20);

    private final Options options;
    private final RandomGenerator random;
    private final Faults faults = new Faults();
    private final Gate gate = new Gate();
    private final Targets targets = new Targets(gate);
    private final PostgresServer postgres;
    private final List<ServerProcess.Place> places = new ArrayList<>();
    private final List<LedgerCheck> checks = new ArrayList<>();
    private final ServerProcess[] servers = new ServerProcess[SERVERS];

    /** What happens to the servers and their database. */
    private enum Deed {
        KILL_SERVER,
        KILL_DATABASE,
        FREEZE_SERVER,
        KILL_BOTH
    }

    /**
     * What a run is made of.
     *
     * @param launcher the script {@code quotary}, built
     * @param directory for configurations, data and logs; empty or absent
     * @param seed of the load and of the moments; threads make no two runs alike
     */
    public record Options(Path launcher, Path directory, long seed, Length length) {}

    /**
     * How long a run is.
     *
     * @param cycles how often something is done to the servers or their database; every kind in its turn
     * @param workers of each kind of load
     * @param loadMax longest time under load before and after that
     * @param freezeMax longest time that a server is frozen
     * @param checkedEach whether everything that can be compared under load is after each cycle, or at the end alone
     */
    public record Length(int cycles, int workers, Duration loadMax, Duration freezeMax, boolean checkedEach) {
        public Length {
            if (cycles < 1 || workers < 1) {
                throw new IllegalArgumentException(
                        "expected one or more, was " + cycles + " cycles and " + workers + " workers");
            }
            if (loadMax.toMillis() <= LOAD_MILLIS_MIN || freezeMax.toMillis() <= FREEZE_MILLIS_MIN) {
                throw new IllegalArgumentException("expected longer times, was " + loadMax + " and " + freezeMax);
            }
        }
    }

    private PostgresCrashRig(Options options, CountingProvider provider, PostgresServer postgres) throws IOException {
        this.options = options;
        this.random = new SplittableRandom(options.seed());
        this.postgres = postgres;
        var environment = Map.of("QUOTARY_STORE_URL", postgres.newDatabase(), "QUOTARY_LIMITER_URL", "postgresql:");
        for (int i = 0; i < SERVERS; i++) {
            var directory = options.directory().resolve("server-" + i);
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("quotary.yaml"), provider.configuration());
            Files.writeString(directory.resolve("plans.yaml"), Load.plans(ORGANIZATION, "deny"));
            var place = new ServerProcess.Place(
                    options.launcher(), directory, ServerProcess.freePort(), ADMIN_KEY, environment);
            places.add(place);
            checks.add(new LedgerCheck(place, faults));
        }
    }

    /** @throws IOException if a server does not start, or does not answer while it runs */
    public static CrashRig.Report run(Options options) throws IOException, InterruptedException {
        try (var provider = new CountingProvider();
                var postgres = PostgresServer.start(Map.of());
                var rig = new PostgresCrashRig(options, provider, postgres)) {
            return rig.run();
        }
    }

    /** Arguments: the launcher, the number of cycles, and a seed to repeat. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int cycles = Integer.parseInt(arguments[1]);
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : new Random().nextLong();
        System.out.println("seed " + seed);
        var directory = Files.createTempDirectory("quotary-crash-postgres");
        var launcher = Path.of(arguments[0]).toAbsolutePath();
        var length = new Length(cycles, Load.WORKERS_OF_A_KIND, LOAD_MAX, FREEZE_MAX, true);
        var report = run(new Options(launcher, directory, seed, length));
        report.print("crash-postgres");
        if (!report.clean()) {
            System.out.println("what it left is in " + directory);
            System.exit(1);
        }
        CrashRig.delete(directory);
    }

    private CrashRig.Report run() throws IOException, InterruptedException {
        for (int i = 0; i < SERVERS; i++) {
            start(i);
        }
        try (var api = new Api(targets, key())) {
            var client = new Client(api, gate, true);
            var verification = new Verification(client, faults);
            var load = new Load(
                    client, faults, options.seed() + 1, options.length().workers());
            load.start();
            try {
                for (int cycle = 0; cycle < options.length().cycles(); cycle++) {
                    underLoad();
                    act(Deed.values()[cycle % Deed.values().length]);
                    underLoad();
                    if (options.length().checkedEach()) {
                        verification.freshEvents(load.tallies());
                        checks.get(cycle % SERVERS).run("after cycle " + cycle);
                    }
                }
                finish(load, verification);
            } finally {
                load.interrupt();
            }
            return report(client, load, verification);
        }
    }

    private String key() throws IOException {
        try (var admin = new Api(targets, ADMIN_KEY)) {
            var answer = admin.post(
                    "/api/v1/keys", "{\"organization\":\"" + ORGANIZATION + "\",\"role\":\"service\"}", Map.of());
            if (!answer.ok()) {
                throw new IOException("a key could not be made: " + answer);
            }
            return answer.json().at("secret").text();
        }
    }

    private void start(int number) throws IOException, InterruptedException {
        servers[number] = ServerProcess.start(places.get(number));
        servers[number].awaitReady();
        targets.up(places.get(number).base());
    }

    private void kill(int number) throws InterruptedException {
        servers[number].kill();
        targets.down(places.get(number).base());
    }

    private void underLoad() throws InterruptedException {
        Thread.sleep(random.nextLong(LOAD_MILLIS_MIN, options.length().loadMax().toMillis()));
    }

    private void act(Deed deed) throws IOException, InterruptedException {
        int victim = random.nextInt(SERVERS);
        switch (deed) {
            case KILL_SERVER -> {
                kill(victim);
                underLoad();
                start(victim);
            }
            case KILL_DATABASE -> databaseAway();
            case FREEZE_SERVER -> {
                servers[victim].freeze();
                Thread.sleep(random.nextLong(
                        FREEZE_MILLIS_MIN, options.length().freezeMax().toMillis()));
                servers[victim].thaw();
            }
            case KILL_BOTH -> {
                postgres.stopImmediately();
                kill(victim);
                postgres.start();
                start(victim);
            }
        }
    }

    private void databaseAway() throws InterruptedException {
        postgres.stopImmediately();
        Thread.sleep(random.nextInt(DATABASE_AWAY_MILLIS_MAX));
        postgres.start();
    }

    /** Ends the load, compares; and compares again after all have been stopped and one was started. */
    private void finish(Load load, Verification verification) throws IOException, InterruptedException {
        load.end();
        // What was left to expire has expired by then, and what was not recorded at once has been.
        Thread.sleep(Duration.ofSeconds(Reservations.TTL_SHORT_SECONDS + 2));
        checks.getLast().run("at the end");
        for (var check : checks) {
            check.reconciled();
        }
        var sums = verification.events(load.tallies());
        verification.holds(load.tallies());
        verification.use(load.tallies(), sums);
        for (int i = 0; i < SERVERS; i++) {
            servers[i].stop();
            targets.down(places.get(i).base());
        }
        start(0);
        verification.holds(load.tallies());
        verification.use(load.tallies(), sums);
        checks.getFirst().run("after an orderly stop");
        servers[0].stop();
    }

    private CrashRig.Report report(Client client, Load load, Verification verification) {
        var counts = new LinkedHashMap<String, Long>();
        for (var kind : Faults.Kind.values()) {
            counts.put(kind.figure(), faults.count(kind));
        }
        return new CrashRig.Report(
                options.seed(),
                options.length().cycles(),
                load.acknowledged(),
                client.lostAnswers(),
                load.unsure() + verification.estimates(),
                checks.stream().mapToLong(LedgerCheck::checks).sum(),
                counts,
                faults.worded());
    }

    @Override
    public void close() {
        for (var server : servers) {
            if (server != null) {
                server.close();
            }
        }
    }
}
