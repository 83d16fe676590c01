package dev.quotary.e2e.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Kills the server while clients use it, starts it again on the same data, and compares in the end.
 *
 * <p>Calls through the gateway, plain and streamed, reservations, commits, releases and records run against it all the time. Clients of
 * the API repeat with the same id until they are answered, so that their use is known exactly. A gateway call that was running at a
 * kill may or may not have become an event: its use is known within the sum of those.
 *
 * <p>{@code kill -9} takes the process and leaves the operating system: what was handed to it survives. A loss of power is another
 * test.
 */
public final class CrashRig implements AutoCloseable {
    private static final String ADMIN_KEY = "qk_admin_0123456789abcdef0123456789abcdef";
    private static final String ORGANIZATION = "acme";
    private static final int LOAD_MILLIS_MIN = 20;
    /** One start in so many is killed before it is known to be ready: also recovery may die in the middle. */
    private static final int EARLY_EVERY = 6;

    private static final int EARLY_MILLIS_MAX = 1_500;
    /** Long enough for a fresh JVM to come under real load. */
    private static final Duration LOAD_MAX = Duration.ofMillis(2_500);

    private final Options options;
    private final RandomGenerator random;
    private final Faults faults = new Faults();
    private final Gate gate = new Gate();
    private final CountingProvider provider;
    private final ServerProcess.Place place;
    private final LedgerCheck ledgerCheck;

    /**
     * What a run is made of.
     *
     * @param launcher the script {@code quotary}, built
     * @param directory for configuration, data and log; empty or absent
     * @param cycles how often the server is killed
     * @param seed of the load and of the moments of the kills; threads make no two runs alike
     * @param loadMax longest time under load before a kill
     */
    public record Options(Path launcher, Path directory, int cycles, long seed, Duration loadMax) {
        public Options {
            if (cycles < 1) {
                throw new IllegalArgumentException("expected one cycle or more, was " + cycles);
            }
            if (loadMax.toMillis() <= LOAD_MILLIS_MIN) {
                throw new IllegalArgumentException(
                        "expected more than " + LOAD_MILLIS_MIN + " ms of load, was " + loadMax);
            }
        }
    }

    /**
     * What came of it.
     *
     * @param acknowledged events
     * @param lostAnswers requests to the API whose answer was lost, and that were sent again
     * @param inFlight gateway calls that were running at a kill
     * @param ledgerChecks how often events, rollups, sums and counters were compared
     * @param faults by figure; all 0 if every promise was kept
     * @param worded the first faults of each kind
     */
    public record Report(
            long seed,
            int cycles,
            long acknowledged,
            long lostAnswers,
            long inFlight,
            long ledgerChecks,
            Map<String, Long> faults,
            List<String> worded) {
        public boolean clean() {
            return faults.values().stream().allMatch(count -> count == 0);
        }

        /** Tells the figures, one a line. */
        void print(String name) {
            worded.forEach(System.out::println);
            figure(name + "-cycles", cycles, "kills");
            figure(name + "-events-acknowledged", acknowledged, "events");
            figure(name + "-answers-lost", lostAnswers, "requests");
            figure(name + "-calls-in-flight", inFlight, "calls");
            figure(name + "-ledger-checks", ledgerChecks, "comparisons");
            faults.forEach((kind, count) -> figure(name + "-" + kind, count, "faults"));
        }

        private static void figure(String name, long value, String unit) {
            System.out.println("figure " + name + " " + value + " " + unit);
        }
    }

    private CrashRig(Options options) throws IOException {
        this.options = options;
        this.random = new SplittableRandom(options.seed());
        this.provider = new CountingProvider();
        this.place = new ServerProcess.Place(
                options.launcher(), options.directory(), ServerProcess.freePort(), ADMIN_KEY, Map.of());
        this.ledgerCheck = new LedgerCheck(place, faults);
    }

    /** @throws IOException if the server does not start, or does not answer while it runs */
    public static Report run(Options options) throws IOException, InterruptedException {
        try (var rig = new CrashRig(options)) {
            return rig.run();
        }
    }

    /** Arguments: the launcher, the number of cycles, and a seed to repeat. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int cycles = Integer.parseInt(arguments[1]);
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : new Random().nextLong();
        System.out.println("seed " + seed);
        var directory = Files.createTempDirectory("quotary-crash");
        var report = run(new Options(Path.of(arguments[0]).toAbsolutePath(), directory, cycles, seed, LOAD_MAX));
        report.print("crash");
        if (!report.clean()) {
            System.out.println("what it left is in " + directory);
            System.exit(1);
        }
        delete(directory);
    }

    static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Report run() throws IOException, InterruptedException {
        configure();
        try (var api = new Api(place.base(), firstStart())) {
            var client = new Client(api, gate);
            var load = new Load(client, faults, options.seed() + 1, Load.WORKERS_OF_A_KIND);
            load.start();
            try {
                for (int cycle = 0; cycle < options.cycles(); cycle++) {
                    cycle(cycle, api, load);
                }
                finish(api, load);
            } finally {
                load.interrupt();
            }
            return report(client, load);
        }
    }

    private void configure() throws IOException {
        Files.createDirectories(options.directory());
        Files.writeString(options.directory().resolve("quotary.yaml"), provider.configuration());
        Files.writeString(options.directory().resolve("plans.yaml"), Load.plans(ORGANIZATION, "allow"));
    }

    /** Makes the key that the load uses, and kills the server behind the answer: it is the first promise to be kept. */
    private String firstStart() throws IOException, InterruptedException {
        try (var server = ServerProcess.start(place);
                var admin = new Api(place.base(), ADMIN_KEY)) {
            server.awaitReady();
            var answer = admin.post(
                    "/api/v1/keys", "{\"organization\":\"" + ORGANIZATION + "\",\"role\":\"service\"}", Map.of());
            if (!answer.ok()) {
                throw new IOException("a key could not be made: " + answer);
            }
            server.kill();
            return answer.json().at("secret").text();
        }
    }

    private void cycle(int cycle, Api api, Load load) throws IOException, InterruptedException {
        try (var server = ServerProcess.start(place)) {
            if (cycle > 0 && random.nextInt(EARLY_EVERY) == 0) {
                Thread.sleep(random.nextInt(EARLY_MILLIS_MAX));
            } else {
                server.awaitReady();
                var verification = new Verification(api, faults);
                verification.ownHolds(load.gatewayTallies());
                verification.freshEvents(load.tallies());
                ledgerCheck.run("after start " + cycle);
                gate.open();
                Thread.sleep(random.nextLong(LOAD_MILLIS_MIN, options.loadMax().toMillis()));
            }
            server.kill();
            gate.close();
        }
    }

    /** Ends the load on a last server, compares; and compares again after an orderly stop and start. */
    private void finish(Api api, Load load) throws IOException, InterruptedException {
        var verification = new Verification(api, faults);
        Map<String, Use> sums;
        try (var server = ServerProcess.start(place)) {
            server.awaitReady();
            verification.ownHolds(load.gatewayTallies());
            ledgerCheck.run("after the last kill");
            gate.open();
            ledgerCheck.run("under load");
            load.end();
            // What was left to expire has expired by then.
            Thread.sleep(Duration.ofSeconds(Reservations.TTL_SHORT_SECONDS + 2));
            ledgerCheck.run("at the end");
            ledgerCheck.reconciled();
            sums = verification.events(load.tallies());
            verification.holds(load.tallies());
            verification.use(load.tallies(), sums);
            server.stop();
        }
        try (var server = ServerProcess.start(place)) {
            server.awaitReady();
            verification.holds(load.tallies());
            verification.use(load.tallies(), sums);
            ledgerCheck.run("after an orderly stop");
            server.stop();
        }
    }

    private Report report(Client client, Load load) {
        var counts = new LinkedHashMap<String, Long>();
        for (var kind : Faults.Kind.values()) {
            counts.put(kind.figure(), faults.count(kind));
        }
        return new Report(
                options.seed(),
                options.cycles(),
                load.acknowledged(),
                client.lostAnswers(),
                load.unsure(),
                ledgerCheck.checks(),
                counts,
                faults.worded());
    }

    @Override
    public void close() {
        provider.close();
    }
}
