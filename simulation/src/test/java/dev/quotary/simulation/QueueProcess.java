package dev.quotary.simulation;

import dev.quotary.catalog.Catalog;
import dev.quotary.limit.RecoverableLimiter;
import dev.quotary.memory.HoldJournal;
import dev.quotary.memory.JournaledLimiter;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.queue.Alarms;
import dev.quotary.queue.Bounds;
import dev.quotary.time.ForwardClock;
import dev.quotary.usage.AdmissionQueue;
import dev.quotary.usage.Admissions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** One life of what decides and lets wait. After its death nothing of it moves: jobs, alarms and attempts come to nothing. */
final class QueueProcess {
    private static final Path JOURNAL = Path.of("holds.journal");
    private static final long COMPACT_BYTES = 1_500;

    private final ForwardClock clock;
    private final Deque<Runnable> jobs = new ArrayDeque<>();
    private final RecoverableLimiter limiter;
    private final Catalog catalog;
    private final AdmissionQueue queue;
    private final Admissions admissions;
    private boolean dead;

    QueueProcess(
            InstantSource machine,
            Alarms alarms,
            SimulatedDisk disk,
            UnaryOperator<RecoverableLimiter> breakage,
            QueueRules rules) {
        this.clock = new ForwardClock(machine);
        var journal = HoldJournal.open(JOURNAL, COMPACT_BYTES, disk);
        this.limiter = breakage.apply(new JournaledLimiter(new MemoryLimiter(), journal));
        this.catalog = new Catalog(rules.declarations());
        catalog.put(rules.subjects());
        this.queue = new AdmissionQueue(limiter, clock, Bounds.DEFAULT, whileAlive(alarms), jobs::add);
        this.admissions = new Admissions(catalog, limiter, clock, queue, Optional.empty());
        catalog.onChange(queue::lookAgain);
    }

    private Alarms whileAlive(Alarms alarms) {
        return new Alarms() {
            @Override
            public long nanos() {
                return alarms.nanos();
            }

            @Override
            public Alarm set(Duration delay, Runnable ring) {
                return alarms.set(delay, () -> {
                    if (!dead) {
                        ring.run();
                    }
                });
            }
        };
    }

    /** Does what is to be done, until there is nothing left or the process dies of it. */
    void work() {
        for (var job = jobs.poll(); job != null && !dead; job = jobs.poll()) {
            job.run();
        }
    }

    /** An attempt of one who waits: the line would take a death for a bug of the attempt, and go on. */
    <T> T alive(Supplier<T> attempt) {
        if (dead) {
            throw new Crash("nothing moves any more");
        }
        try {
            return attempt.get();
        } catch (Crash e) {
            die();
            throw e;
        }
    }

    void die() {
        dead = true;
    }

    boolean dead() {
        return dead;
    }

    Instant now() {
        return clock.instant();
    }

    RecoverableLimiter limiter() {
        return limiter;
    }

    Catalog catalog() {
        return catalog;
    }

    AdmissionQueue queue() {
        return queue;
    }

    Admissions admissions() {
        return admissions;
    }
}
