package dev.quotary.simulation;

import dev.quotary.api.declare.Declaring;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Declarations;
import dev.quotary.limit.RecoverableLimiter;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.memory.HoldJournal;
import dev.quotary.memory.JournaledLimiter;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.price.PriceBook;
import dev.quotary.time.ForwardClock;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Graces;
import dev.quotary.usage.Recovery;
import dev.quotary.usage.Settlements;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** One life of the server, from its start to its death: the same parts, started in the same order, as in the real one. */
final class ServerProcess {
    /** So small that most runs compact. */
    private static final long COMPACT_BYTES = 1_500;

    private static final Path JOURNAL = Path.of("holds.journal");
    private static final PriceBook NO_PRICES = PriceBook.of(List.of());

    private final ForwardClock clock;
    private final HoldJournal journal;
    private final RecoverableLimiter limiter;
    private final SimulatedLedger ledger;
    private final Catalog catalog;
    private final Declaring declaring;
    private final Admissions admissions;
    private final Settlements settlements;

    private ServerProcess(World world, Breakage breakage) {
        this.clock = new ForwardClock(world.clock());
        this.journal = HoldJournal.open(JOURNAL, COMPACT_BYTES, world.disk());
        this.limiter = breakage.limiter(new JournaledLimiter(new MemoryLimiter(), journal));
        var follower = breakage.follower(Settlements.follower(limiter, clock), clock);
        this.ledger = new SimulatedLedger(
                world.fate(), world.outage(), world.storage(), new SimulatedLedger.Parts(follower, world.meanwhile()));
        this.catalog = new Catalog(new Declarations(Map.of(), Map.of(), Map.of(), NO_PRICES));
        this.declaring = new Declaring(catalog, world.catalogStore(), ledger, clock, NO_PRICES);
        this.admissions = new Admissions(catalog, limiter, clock, new Graces(ledger));
        this.settlements = new Settlements(catalog, breakage.ledger(ledger), clock);
    }

    /** Starts, or fails to; the process may die meanwhile. */
    static ServerProcess start(World world, Breakage breakage) {
        var process = new ServerProcess(world, breakage);
        try {
            process.declaring.load();
            new Recovery(process.catalog, process.ledger, process.clock).recover(breakage.recovering(process.limiter));
            process.ledger.started();
            return process;
        } catch (CompletionException e) {
            process.dead();
            throw new StoreUnavailableException("start", e);
        } catch (StoreUnavailableException | Crash e) {
            process.dead();
            throw e;
        }
    }

    /** Ends as an operator asks: everything asked for is finished. */
    void stop() {
        ledger.close();
        journal.close();
    }

    /** Nothing of it moves any more. */
    void dead() {
        ledger.abandon();
    }

    Instant now() {
        return clock.instant();
    }

    Catalog catalog() {
        return catalog;
    }

    Declaring declaring() {
        return declaring;
    }

    Admissions admissions() {
        return admissions;
    }

    Settlements settlements() {
        return settlements;
    }

    RecoverableLimiter limiter() {
        return limiter;
    }

    HoldJournal journal() {
        return journal;
    }

    SimulatedLedger ledger() {
        return ledger;
    }
}
