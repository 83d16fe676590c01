package dev.quotary.e2e.crash;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
    private static final int WORKERS_OF_A_KIND = 10;
    private static final int LOAD_MILLIS_MIN = 20;
    /** One start in so many is killed before it is known to be ready: also recovery may die in the middle. */
    private static final int EARLY_EVERY = 6;

    private static final int EARLY_MILLIS_MAX = 1_500;
    /** Long enough for a fresh JVM to come under real load. */
    private static final Duration LOAD_MAX = Duration.ofMillis(2_500);

    private static final Duration FINISH_MAX = Duration.ofMinutes(2);

    private final Options options;
    private final RandomGenerator random;
    private final Faults faults = new Faults();
    private final Gate gate = new Gate();
    private final CountingProvider provider;
    private final ServerProcess.Place place;
    private final LedgerCheck ledgerCheck;
    private final List<Worker> workers = new ArrayList<>();
    private final List<GatewayCalls> gatewayCalls = new ArrayList<>();
    private volatile boolean stopping;

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
    }

    private CrashRig(Options options) throws IOException {
        this.options = options;
        this.random = new SplittableRandom(options.seed());
        this.provider = new CountingProvider();
        this.place =
                new ServerProcess.Place(options.launcher(), options.directory(), ServerProcess.freePort(), ADMIN_KEY);
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
        report.worded().forEach(System.out::println);
        System.out.println("figure crash-cycles " + report.cycles() + " kills");
        System.out.println("figure crash-events-acknowledged " + report.acknowledged() + " events");
        System.out.println("figure crash-answers-lost " + report.lostAnswers() + " requests");
        System.out.println("figure crash-calls-in-flight " + report.inFlight() + " calls");
        System.out.println("figure crash-ledger-checks " + report.ledgerChecks() + " comparisons");
        report.faults().forEach((name, count) -> System.out.println("figure crash-" + name + " " + count + " faults"));
        if (!report.clean()) {
            System.out.println("what it left is in " + directory);
            System.exit(1);
        }
        delete(directory);
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Report run() throws IOException, InterruptedException {
        configure();
        try (var api = new Api("http://127.0.0.1:" + place.port(), firstStart())) {
            var client = new Client(api, gate);
            makeWorkers(client);
            var threads = workers.stream().map(this::start).toList();
            try {
                for (int cycle = 0; cycle < options.cycles(); cycle++) {
                    cycle(cycle, api);
                }
                finish(api, threads);
            } finally {
                threads.forEach(Thread::interrupt);
            }
            return report(client);
        }
    }

    private void configure() throws IOException {
        Files.createDirectories(options.directory());
        Files.writeString(options.directory().resolve("quotary.yaml"), """
                providers:
                  openai: { kind: openai, base_url: "http://127.0.0.1:%d", api_key: sk-none }
                apply: [ plans.yaml ]
                """.formatted(provider.port()));
        Files.writeString(options.directory().resolve("plans.yaml"), """
                plans:
                  - key: open
                    limits:
                      - { key: requests, meter: requests, per: subject, window: lifetime, max: 1000000000 }
                      - { key: tokens, meter: tokens, per: subject, window: lifetime, max: 1000000000000 }
                      - { key: cost, meter: cost, per: subject, window: lifetime, max: "1000000" }
                      - { key: organization-requests, meter: requests, per: organization, window: lifetime, max: 1000000000 }
                      - { key: organization-tokens, meter: tokens, per: organization, window: lifetime, max: 1000000000000 }
                      - { key: organization-cost, meter: cost, per: organization, window: lifetime, max: "1000000" }
                      - { key: session, meter: requests, per: session, window: lifetime, max: %d, where: { feature: %s } }
                organizations:
                  - { key: %s, plan: open }
                """.formatted(
                        FullSessions.ADMITTED_MAX, FullSessions.FEATURE, ORGANIZATION));
    }

    /** Makes the key that the load uses, and kills the server behind the answer: it is the first promise to be kept. */
    private String firstStart() throws IOException, InterruptedException {
        try (var server = ServerProcess.start(place);
                var admin = new Api("http://127.0.0.1:" + place.port(), ADMIN_KEY)) {
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

    private void makeWorkers(Client client) {
        var seeds = new SplittableRandom(options.seed() + 1);
        for (int i = 0; i < WORKERS_OF_A_KIND; i++) {
            gatewayCalls.add(new GatewayCalls(client, faults, seeds.split(), "plain-" + i, false));
            gatewayCalls.add(new GatewayCalls(client, faults, seeds.split(), "stream-" + i, true));
            workers.add(new Reservations(client, faults, seeds.split(), "reserving-" + i));
            workers.add(new Records(client, faults, seeds.split(), "recording-" + i));
        }
        workers.add(new FullSessions(client, faults, "full"));
        workers.addAll(gatewayCalls);
    }

    private Thread start(Worker worker) {
        return Thread.ofVirtual().name(worker.tally().subject()).start(() -> {
            try {
                while (!stopping) {
                    worker.step();
                }
                worker.finish();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                faults.add(Faults.Kind.UNEXPECTED, worker.tally().subject() + ": " + e);
            }
        });
    }

    private void cycle(int cycle, Api api) throws IOException, InterruptedException {
        try (var server = ServerProcess.start(place)) {
            if (cycle > 0 && random.nextInt(EARLY_EVERY) == 0) {
                Thread.sleep(random.nextInt(EARLY_MILLIS_MAX));
            } else {
                server.awaitReady();
                var verification = new Verification(api, faults);
                verification.ownHolds(tallies(gatewayCalls));
                verification.freshEvents(tallies(workers));
                ledgerCheck.run("after start " + cycle);
                gate.open();
                Thread.sleep(random.nextLong(LOAD_MILLIS_MIN, options.loadMax().toMillis()));
            }
            server.kill();
            gate.close();
        }
    }

    /** Ends the load on a last server, compares; and compares again after an orderly stop and start. */
    private void finish(Api api, List<Thread> threads) throws IOException, InterruptedException {
        var verification = new Verification(api, faults);
        Map<String, BigDecimal> costs;
        try (var server = ServerProcess.start(place)) {
            server.awaitReady();
            verification.ownHolds(tallies(gatewayCalls));
            ledgerCheck.run("after the last kill");
            gate.open();
            ledgerCheck.run("under load");
            stopping = true;
            for (var thread : threads) {
                if (!thread.join(FINISH_MAX)) {
                    faults.add(Faults.Kind.UNEXPECTED, thread.getName() + " did not end");
                }
            }
            // What was left to expire has expired by then.
            Thread.sleep(Duration.ofSeconds(Reservations.TTL_SHORT_SECONDS + 2));
            ledgerCheck.run("at the end");
            ledgerCheck.reconciled();
            costs = verification.events(tallies(workers));
            verification.holds(tallies(workers));
            verification.use(tallies(workers), costs);
            server.stop();
        }
        try (var server = ServerProcess.start(place)) {
            server.awaitReady();
            verification.holds(tallies(workers));
            verification.use(tallies(workers), costs);
            ledgerCheck.run("after an orderly stop");
            server.stop();
        }
    }

    private static List<Tally> tallies(List<? extends Worker> workers) {
        return workers.stream().map(Worker::tally).toList();
    }

    private Report report(Client client) {
        var counts = new LinkedHashMap<String, Long>();
        for (var kind : Faults.Kind.values()) {
            counts.put(kind.figure(), faults.count(kind));
        }
        var tallies = tallies(workers);
        return new Report(
                options.seed(),
                options.cycles(),
                tallies.stream().mapToLong(tally -> tally.acknowledged().size()).sum(),
                client.lostAnswers(),
                tallies.stream().mapToLong(Tally::unsureCalls).sum(),
                ledgerCheck.checks(),
                counts,
                faults.worded());
    }

    @Override
    public void close() {
        provider.close();
    }
}
