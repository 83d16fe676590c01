package dev.quotary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.api.declare.ApplyOrder;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.catalog.Actor;
import dev.quotary.http.Documents;
import dev.quotary.limit.Counted;
import dev.quotary.limit.Hold;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.simulation.SimulatedLedger.Outage;
import dev.quotary.testkit.FakeClock;
import dev.quotary.usage.CatalogCoverage;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One run: some steps, each with a seed of its own, then everything is healed and must come to rest. */
final class Run {
    private static final OrganizationKey ACME = new OrganizationKey("acme");
    private static final int ROUNDS_TO_REST_MAX = 2_000;

    private final Fate fate = new Fate();
    private final World world;
    private final Breakage breakage;
    private final Changes changes = new Changes(fate);
    private final Clients clients;
    private final Books books;
    private final Truth truth;
    private final Map<Integer, Rules> versions = new HashMap<>();
    /** What each version began to count and may not have finished. */
    private final Map<Integer, Set<Counted>> gains = new HashMap<>();

    private @Nullable Life life;
    /** What the next process may find, since the last one died. */
    private Map<ReservationId, List<Optional<Hold>>> possible = Map.of();

    private boolean powerLost;
    /** The latest time that any process may have seen. */
    private Instant latest = Instant.MIN;

    private boolean blocked;

    /** A process that runs, with what faces its clients. */
    private record Life(ServerProcess process, Face face, Unanswered unanswered) {}

    /** What may come to pass in one step, and how often among {@link #WEIGHTS}. */
    private record Deed(int weight, Runnable step) {
        static final int WEIGHTS = 100;
    }

    private final List<Deed> deeds;

    Run(GroupLedger.Storage storage, Breakage breakage) {
        this.deeds = deeds();
        this.breakage = breakage;
        this.world = new World(
                fate,
                new FakeClock(Instant.parse("2026-03-31T23:58:20.25Z")),
                new SimulatedDisk(fate),
                storage,
                new Outage(),
                new SimulatedCatalogStore(fate, this::meanwhile),
                this::meanwhile);
        this.clients = new Clients(fate, ACME);
        this.books = new Books(storage);
        this.truth = new Truth(books, new TrueGraces(storage), new Rules(0, ACME, Map.of(), Map.of()));
    }

    private List<Deed> deeds() {
        return List.of(
                new Deed(20, () -> clients.begin()),
                new Deed(30, this::deliver),
                new Deed(10, () -> clients.act()),
                new Deed(12, () -> alive().process().ledger().commitSome()),
                new Deed(5, () -> alive().process().ledger().arrive()),
                new Deed(7, this::moveClock),
                new Deed(3, () -> clients.report(alive().process().now())),
                new Deed(2, this::change),
                new Deed(1, this::setBack),
                new Deed(3, this::sync),
                new Deed(2, this::moods),
                new Deed(3, () -> fate.doom(1 + fate.below(12))),
                new Deed(1, this::stop),
                new Deed(1, () -> {
                    throw new Crash("killed in between");
                }));
    }

    List<String> trace() {
        return fate.trace();
    }

    /** @throws AssertionError at the first broken invariant */
    void play(long first, long[] seeds) {
        fate.begin(first);
        declareFirst();
        for (long seed : seeds) {
            fate.begin(seed);
            guarded(this::step);
        }
        fate.say("-- everything is healed");
        rest();
    }

    private void declareFirst() {
        var rules = changes.first(ACME);
        versions.put(rules.version(), rules);
        fate.say("declared " + rules.plans() + " " + rules.people());
        start();
        world.catalogStore().calm(true);
        alive().process().declaring().apply(Documents.json(rules.json()), ApplyOrder.by(Actor.SERVER));
        world.catalogStore().calm(false);
        look();
    }

    private Life alive() {
        if (life == null) {
            throw new IllegalStateException("no process runs");
        }
        return life;
    }

    private void guarded(Runnable step) {
        try {
            step.run();
            look();
            check();
        } catch (Crash crash) {
            died(crash);
        }
    }

    /** Takes in what has come of the step. */
    private void look() {
        truth.read();
        if (life != null) {
            truth.rules(inForce(life.process()));
            life.face().listen();
            for (var answer : life.face().answers()) {
                life.unanswered().answered(answer.message());
                fate.say("  " + answer.kind() + " " + answer.message());
                clients.hear(answer);
            }
        }
    }

    private Rules inForce(ServerProcess process) {
        var declared = process.catalog().declarations().organizations().get(ACME);
        return declared == null
                ? truth.rules()
                : java.util.Objects.requireNonNull(
                        versions.get(Integer.parseInt(declared.name().substring(1))));
    }

    private void check() {
        books.check();
        if (life != null) {
            truth.check(life.process(), clients.everybody());
        }
    }

    private void step() {
        if (life == null) {
            stepOfTheDead();
            return;
        }
        int chance = fate.below(Deed.WEIGHTS);
        for (var deed : deeds) {
            chance -= deed.weight();
            if (chance < 0) {
                deed.step().run();
                return;
            }
        }
    }

    private void stepOfTheDead() {
        switch (fate.below(6)) {
            case 0 -> moveClock();
            case 1 -> moods();
            case 2 -> clients.begin();
            default -> start();
        }
    }

    private void deliver() {
        clients.delivered().ifPresent(message -> {
            fate.say(Shown.time(alive().process().now()) + " " + message);
            alive().unanswered().sent(message);
            alive().face().handle(message);
        });
    }

    /** While a caller blocks in the process, others go on. */
    private void meanwhile() {
        if (life == null || blocked) {
            return;
        }
        blocked = true;
        for (int left = fate.below(4); left > 0; left--) {
            look();
            switch (fate.below(8)) {
                case 0 -> clients.begin();
                case 1, 2, 3 -> deliver();
                case 4 -> clients.act();
                case 5 -> alive().process().ledger().arrive();
                default -> alive().process().ledger().commitSome();
            }
            look();
        }
        blocked = false;
    }

    private void moveClock() {
        var now = world.clock().instant();
        var to = switch (fate.below(14)) {
            case 0 -> nextStart(now, 3_600);
            case 1 -> nextStart(now, 86_400);
            case 2 -> now.minusMillis(fate.below(7_200_000));
            case 3 -> now.plusSeconds(fate.below(40 * 86_400));
            case 4, 5 -> nextStart(now, 60);
            case 6, 7 -> now.plusMillis(fate.below(100_000));
            default -> now.plusMillis(fate.below(8_000));
        };
        world.clock().set(to);
        fate.say("clock " + Shown.time(to));
    }

    /** The start of the next minute, hour or day, give or take a moment. */
    private Instant nextStart(Instant now, long seconds) {
        long next = (now.getEpochSecond() / seconds + 1) * seconds;
        return Instant.ofEpochSecond(next).plusMillis(fate.below(3) - 1);
    }

    private void change() {
        var process = alive().process();
        var before = truth.rules();
        var after = changes.next(newest(), process.now());
        versions.put(after.version(), after);
        fate.say(Shown.time(process.now()) + " declare v" + after.version() + " " + after.differences(before));
        var begun = process.now();
        see(begun);
        gains.put(after.version(), after.gains(before, Clients.subjects()));
        truth.begin(after.gains(before, Clients.subjects()), latest);
        try {
            process.declaring().apply(Documents.json(after.json()), ApplyOrder.by(Actor.SERVER));
            truth.counted(finished(after), begun, latest);
            assertThat(inForce(process)).as("what was acknowledged is in force").isEqualTo(after);
        } catch (StoreUnavailableException e) {
            fate.say("  failed: " + e.getMessage());
        } finally {
            blocked = false;
        }
    }

    /** An operator is generous. */
    private void setBack() {
        var subject = fate.pick(Clients.subjects());
        fate.say("set back " + subject);
        var _ = alive().process().settlements().reset(ACME, subject, Optional.empty(), "key_operator");
    }

    /** What is counted since a change is done, be it by its own process or by the next. */
    private Set<Counted> finished(Rules rules) {
        var counted = gains.remove(rules.version());
        return counted == null ? Set.of() : counted;
    }

    private void see(Instant now) {
        latest = now.isAfter(latest) ? now : latest;
    }

    /** Versions are never given twice, whether they came into force or not. */
    private Rules newest() {
        var rules = truth.rules();
        int last = versions.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
        return new Rules(last, ACME, rules.plans(), rules.people());
    }

    private void sync() {
        try {
            alive().process().journal().sync();
            fate.say("journal synced");
            truth.holdings().values().forEach(Holding::synced);
        } catch (StoreUnavailableException e) {
            fate.say("journal not synced: " + e.getMessage());
        }
    }

    private void moods() {
        var disk = world.disk();
        var outage = world.outage();
        switch (fate.below(8)) {
            case 0 -> disk.full(true);
            case 1, 2 -> disk.full(false);
            case 3 -> disk.syncFails(!disk.syncsFail());
            case 4 -> outage.down = true;
            case 5 -> outage.down = false;
            default -> outage.full = !outage.full;
        }
        fate.say("disk full " + disk.isFull() + ", syncs fail " + disk.syncsFail() + ", ledger down " + outage.down
                + ", its queue full " + outage.full);
    }

    private void stop() {
        fate.say("stop in order");
        try {
            alive().process().stop();
            look();
            truth.holdings().values().forEach(Holding::synced);
        } catch (StoreUnavailableException e) {
            fate.say("  " + e.getMessage());
            look();
        }
        throw new Crash("stopped");
    }

    private void died(Crash crash) {
        fate.say("process ends: " + crash.getMessage());
        blocked = false;
        truth.read();
        boolean powerGoes = fate.oneIn(8);
        powerLost |= powerGoes;
        see(world.clock().instant());
        if (life != null) {
            see(life.process().now());
            life.process().dead();
            clients.processDied(life.unanswered().messages());
            life = null;
        }
        possible = truth.possible(powerLost, latest);
        if (powerGoes) {
            fate.say("  and the power goes");
            world.disk().losePower();
        }
        fate.spare();
        if (fate.oneIn(3)) {
            fate.doom(1 + fate.below(8));
        }
    }

    private void start() {
        var before = new Restart(truth, books, possible);
        before.expectInterruptions();
        var begun = world.clock().instant();
        try {
            var process = ServerProcess.start(world, breakage);
            truth.read();
            truth.rules(inForce(process));
            truth.counted(finished(truth.rules()), begun, latest);
            fate.say(Shown.time(process.now()) + " started");
            truth.graces().restarted(process);
            before.check(process, powerLost);
            powerLost = false;
            life = new Life(process, new Face(process, truth, books, world.disk()), new Unanswered());
        } catch (StoreUnavailableException e) {
            fate.say("  does not start: " + e.getMessage());
        }
    }

    /** Heals everything and lets all that is under way come to its end; then starts once more. */
    private void rest() {
        fate.spare();
        world.outage().down = false;
        world.outage().full = false;
        world.outage().over = true;
        world.disk().full(false);
        world.disk().syncFails(false);
        world.catalogStore().calm(true);
        for (int round = 0; round < ROUNDS_TO_REST_MAX && !(life != null && atRest()); round++) {
            fate.begin(-round);
            guarded(this::stepToRest);
        }
        assertThat(life != null && atRest()).as("all comes to rest").isTrue();
        clients.admittedCalls()
                .forEach(id -> assertThat(books.recorded(id.event()))
                        .as("INV-14: what passed is recorded, %s", Shown.of(id))
                        .isNotNull());
        fate.spare();
        guarded(() -> {
            throw new Crash("the last time");
        });
        fate.spare();
        powerLost = false;
        guarded(this::start);
        assertThat(life).as("starts").isNotNull();
        var process = alive().process();
        assertThat(world.storage().faults(new CatalogCoverage(process.catalog()), process.now()))
                .filteredOn(truth::known)
                .as("INV-15: rollups and sums are those of the events")
                .isEmpty();
        process.stop();
    }

    private boolean atRest() {
        clients.endAll();
        return clients.quiet() && alive().process().ledger().idle();
    }

    private void stepToRest() {
        if (life == null) {
            fate.spare();
            start();
            return;
        }
        deliver();
        alive().process().ledger().arrive();
        alive().process().ledger().commitSome();
    }
}
