package dev.quotary.bench;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.call.SubjectKey;
import dev.quotary.limit.Admission;
import dev.quotary.limit.Charge;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.Scope;
import dev.quotary.memory.HoldJournal;
import dev.quotary.memory.JournaledLimiter;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts over-admissions: 10^6 reservations race for six limits that have room for about half of them; the limiter is the one the
 * server runs, with its journal.
 *
 * <p>At every grant, use and holds of each limit are compared with its maximum; of what was admitted some is committed, in full or in
 * part, some given back. In the end the use of each limit must be the sum of what was committed, and nothing may be held.
 */
public final class OverAdmissions {
    private static final int RESERVATIONS = 1_000_000;
    private static final int RACERS = 64;
    private static final int AMOUNT_MAX = 20;
    private static final OrganizationKey ORGANIZATION = new OrganizationKey("race");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final List<CounterKey> COUNTERS = List.of(
            counter(MeterKey.TOKENS, Scope.ORGANIZATION, "month"),
            counter(MeterKey.REQUESTS, Scope.ORGANIZATION, "day"),
            counter(MeterKey.TOKENS, Scope.SUBJECT, "day"),
            counter(MeterKey.REQUESTS, Scope.SUBJECT, "minute"),
            counter(MeterKey.TOKENS, Scope.SESSION, "lifetime"),
            counter(MeterKey.REQUESTS, Scope.KEY, "hour"));

    private final Limiter limiter;
    private final long[] maxima;
    private final AtomicLong admitted = new AtomicLong();
    private final AtomicLong over = new AtomicLong();
    private final AtomicLong tokens = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();

    private OverAdmissions(Limiter limiter) {
        this.limiter = limiter;
        // Tokens run out when about half of them are admitted; requests never do.
        long half = RESERVATIONS * (AMOUNT_MAX + 1L) / 4;
        this.maxima = new long[] {half, RESERVATIONS, half + 1, RESERVATIONS, half + 2, RESERVATIONS};
    }

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        var directory = Files.createTempDirectory("over-admissions");
        var file = directory.resolve("holds");
        try (var journal = HoldJournal.open(file, 64L << 20)) {
            var race = new OverAdmissions(new JournaledLimiter(new MemoryLimiter(), journal));
            race.run();
            race.compare();
            System.out.println("figure admission-reservations-raced " + RESERVATIONS + " reservations");
            System.out.println("figure admission-admitted " + race.admitted + " reservations");
            System.out.println("figure over-admissions " + race.over + " reservations");
            if (race.over.get() > 0) {
                System.exit(1);
            }
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        }
    }

    private static CounterKey counter(MeterKey meter, Scope scope, String window) {
        var counted = new Counted(meter, Filter.ALL, scope, WindowSpec.parse(window));
        return new CounterKey(ORGANIZATION, counted, "one", counted.window().at(START, WindowCalendar.UTC));
    }

    /** Half of the racers are platform threads, half virtual ones. */
    private void run() throws InterruptedException, ExecutionException {
        var platform = Thread.ofPlatform().factory();
        try (var threads = Executors.newThreadPerTaskExecutor(platform);
                var virtuals = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < RACERS; i++) {
                int racer = i;
                running.add((i % 2 == 0 ? threads : virtuals).submit(() -> reserveAll(racer)));
            }
            for (var each : running) {
                each.get();
            }
        }
    }

    private void reserveAll(int racer) {
        for (long number = racer; number < RESERVATIONS; number += RACERS) {
            long amount = 1L + Math.floorMod(number * 31, AMOUNT_MAX);
            if (limiter.reserve(hold(number, amount), START) instanceof Admission.Granted granted) {
                admitted.incrementAndGet();
                var levels = granted.levels();
                for (int i = 0; i < maxima.length; i++) {
                    if (levels.used(i) + levels.held(i) > maxima[i]) {
                        over.incrementAndGet();
                    }
                }
                finish(number, amount);
            }
        }
    }

    private void finish(long number, long amount) {
        if (number % 8 == 7) {
            limiter.release(ORGANIZATION, id(number), START);
            return;
        }
        long actual = number % 4 == 0 ? amount / 2 : amount;
        var postings = new ArrayList<Posting>(maxima.length);
        for (var counter : COUNTERS) {
            postings.add(Posting.add(counter, counter.counted().meter().equals(MeterKey.TOKENS) ? actual : 1));
        }
        limiter.settle(ORGANIZATION, id(number), postings, START);
        tokens.addAndGet(actual);
        requests.incrementAndGet();
    }

    private Hold hold(long number, long amount) {
        var charges = new ArrayList<Charge>(maxima.length);
        for (int i = 0; i < maxima.length; i++) {
            boolean counted = COUNTERS.get(i).counted().meter().equals(MeterKey.TOKENS);
            charges.add(new Charge(COUNTERS.get(i), counted ? amount : 1, maxima[i]));
        }
        var dimensions = new Dimensions(null, null, null, "one", null, Map.of());
        var call = new Call(ORGANIZATION, new SubjectKey("one"), new KeyId("one"), dimensions);
        var expiresAt = START.plus(Duration.ofSeconds(60));
        return new Hold(id(number), call, Amounts.NONE, charges, START, expiresAt, Hold.Origin.API, number);
    }

    private static ReservationId id(long number) {
        return new ReservationId(0x0190_0000_0000_7000L, number);
    }

    private void compare() {
        var levels = limiter.levels(ORGANIZATION, COUNTERS, START);
        for (int i = 0; i < COUNTERS.size(); i++) {
            var counter = COUNTERS.get(i);
            long expected = counter.counted().meter().equals(MeterKey.TOKENS) ? tokens.get() : requests.get();
            if (levels.used(i) != expected || levels.held(i) != 0) {
                throw new IllegalStateException(counter + ": expected used " + expected + ", held 0, was used "
                        + levels.used(i) + ", held " + levels.held(i));
            }
        }
    }
}
