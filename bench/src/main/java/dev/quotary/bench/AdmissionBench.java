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
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import io.github.bucket4j.Bucket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reserve and commit over six limits of different scopes, all or nothing, in process: ours, ours with the journal, and Bucket4j.
 *
 * <p>One operation is one pair: the estimate is held on all six, then the actual amounts, which are smaller, replace it. Callers take
 * turns among {@link #SUBJECTS} subjects. Each pair has a new id, a real clock and everything that production makes anew for it:
 * charges, hold, postings; what production remembers (the counters of the current windows) is made once.
 *
 * <p>Bucket4j does as much of this as it can: one local bucket for each scope and limit; what was taken from the earlier ones is added
 * back when a later one denies; the commit adds the difference back. It has no ids, repeats, expiry or two numbers for use and holds.
 *
 * <p>Run with {@code -t 1} and {@code -t 2}; threads share organizations where there are fewer of those.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class AdmissionBench {
    private static final int SUBJECTS = 1_000;
    private static final long MAXIMUM = 1_000_000_000_000_000_000L;
    /** Bucket4j takes no more than a token a nanosecond. */
    private static final long REFILL = 1_000_000_000;

    private static final Duration TTL = Duration.ofSeconds(60);

    private static final Amounts ESTIMATE = new Amounts(Quantities.ofTokens(1, 500, 500), new Money(10_000_000));
    private static final Amounts ACTUAL = new Amounts(Quantities.ofTokens(1, 500, 200), new Money(7_000_000));

    private static final List<Counted> LIMITS = List.of(
            counted(MeterKey.REQUESTS, Scope.KEY, "minute"),
            counted(MeterKey.TOKENS, Scope.SUBJECT, "minute"),
            counted(MeterKey.TOKENS, Scope.SUBJECT, "day"),
            counted(MeterKey.TOKENS, Scope.SESSION, "lifetime"),
            counted(MeterKey.REQUESTS, Scope.ORGANIZATION, "minute"),
            counted(MeterKey.COST, Scope.ORGANIZATION, "month"));

    /** The amounts on each limit. */
    private static final long[] ESTIMATES = amounts(ESTIMATE);

    private static final long[] ACTUALS = amounts(ACTUAL);

    private static long[] amounts(Amounts amounts) {
        return LIMITS.stream().mapToLong(limit -> amounts.of(limit.meter())).toArray();
    }

    private static Counted counted(MeterKey meter, Scope scope, String window) {
        return new Counted(meter, Filter.ALL, scope, WindowSpec.parse(window));
    }

    /** What one subject needs: its call, and the counter and the bucket of each limit. */
    private record Account(Call call, List<CounterKey> counters, List<Bucket> buckets) {}

    /** All organizations and their subjects. */
    @State(org.openjdk.jmh.annotations.Scope.Benchmark)
    public static class World {
        @Param({"1", "2"})
        public int organizations;

        private final Limiter memory = new MemoryLimiter();
        private final AtomicInteger threads = new AtomicInteger();
        private Account[][] accounts = {};

        @Setup
        public void setUp() {
            accounts = new Account[organizations][SUBJECTS];
            for (int i = 0; i < organizations; i++) {
                var key = new OrganizationKey("organization-" + i);
                var shared = new ArrayList<Bucket>();
                LIMITS.forEach(_ -> shared.add(bucket()));
                for (int j = 0; j < SUBJECTS; j++) {
                    accounts[i][j] = account(key, j, shared);
                }
            }
        }

        private static Account account(OrganizationKey organization, int number, List<Bucket> shared) {
            var dimensions = new Dimensions("openai", "gpt", null, "session-" + number, null, Map.of());
            var call =
                    new Call(organization, new SubjectKey("subject-" + number), new KeyId("key-" + number), dimensions);
            var counters = new ArrayList<CounterKey>();
            var buckets = new ArrayList<Bucket>();
            var now = Instant.now();
            for (int i = 0; i < LIMITS.size(); i++) {
                var limit = LIMITS.get(i);
                var value = limit.scope().valueOf(call);
                if (value == null) {
                    throw new IllegalStateException("every scope applies");
                }
                counters.add(new CounterKey(
                        organization, limit, value, limit.window().at(now, WindowCalendar.UTC)));
                buckets.add(limit.scope() == Scope.ORGANIZATION ? shared.get(i) : bucket());
            }
            return new Account(call, List.copyOf(counters), List.copyOf(buckets));
        }

        private static Bucket bucket() {
            // Filled at intervals, as our windows begin anew, which is also the cheaper of its two ways.
            return Bucket.builder()
                    .addLimit(limit -> limit.capacity(MAXIMUM).refillIntervally(REFILL, Duration.ofMinutes(1)))
                    .build();
        }
    }

    /** The journal, in a file of its own. */
    @State(org.openjdk.jmh.annotations.Scope.Benchmark)
    public static class Journaled {
        private static final long COMPACT_AT_BYTES = 64 << 20;
        private static final long SYNC_MILLIS = 200;

        private final Path directory;
        private final HoldJournal journal;
        private final ScheduledExecutorService syncs = Executors.newSingleThreadScheduledExecutor();
        private final Limiter limiter;

        public Journaled() {
            try {
                directory = Files.createTempDirectory("admission-bench");
            } catch (IOException e) {
                throw new UncheckedIOException("make a directory for the journal", e);
            }
            journal = HoldJournal.open(directory.resolve("holds"), COMPACT_AT_BYTES);
            limiter = new JournaledLimiter(new MemoryLimiter(), journal);
            // As in the server: it is the sync that keeps the file short.
            var _ = syncs.scheduleWithFixedDelay(journal::sync, SYNC_MILLIS, SYNC_MILLIS, TimeUnit.MILLISECONDS);
        }

        @TearDown
        public void tearDown() throws IOException {
            syncs.close();
            journal.close();
            Files.deleteIfExists(directory.resolve("holds"));
            Files.deleteIfExists(directory);
        }
    }

    /** One calling thread. */
    @State(org.openjdk.jmh.annotations.Scope.Thread)
    public static class Caller {
        private Account[] accounts = {};
        private long high;
        private long sequence;

        @Setup(Level.Iteration)
        public void setUp(World world) {
            int thread = world.threads.getAndIncrement();
            high = thread;
            accounts = world.accounts[thread % world.organizations];
        }

        private Account next() {
            sequence++;
            return accounts[(int) (sequence % SUBJECTS)];
        }
    }

    @Benchmark
    public Object memory(World world, Caller caller) {
        return pair(world.memory, caller);
    }

    @Benchmark
    public Object journaled(Journaled journaled, Caller caller) {
        return pair(journaled.limiter, caller);
    }

    @Benchmark
    public Object bucket4j(Caller caller) {
        var buckets = caller.next().buckets();
        for (int i = 0; i < ESTIMATES.length; i++) {
            if (!buckets.get(i).tryConsume(ESTIMATES[i])) {
                for (int j = 0; j < i; j++) {
                    buckets.get(j).addTokens(ESTIMATES[j]);
                }
                throw new IllegalStateException("there is room for all");
            }
        }
        for (int i = 0; i < ESTIMATES.length; i++) {
            if (ACTUALS[i] < ESTIMATES[i]) {
                buckets.get(i).addTokens(ESTIMATES[i] - ACTUALS[i]);
            }
        }
        return buckets;
    }

    private static Object pair(Limiter limiter, Caller caller) {
        var account = caller.next();
        var id = new ReservationId(caller.high, caller.sequence);
        var now = Instant.now();
        var admission = limiter.reserve(hold(account, id, now), now);
        if (!(admission instanceof Admission.Granted)) {
            throw new IllegalStateException("there is room for all: " + admission);
        }
        limiter.settle(account.call().organization(), id, postings(account), Instant.now());
        return admission;
    }

    private static Hold hold(Account account, ReservationId id, Instant now) {
        var charges = new ArrayList<Charge>(ESTIMATES.length);
        for (int i = 0; i < ESTIMATES.length; i++) {
            charges.add(new Charge(account.counters().get(i), ESTIMATES[i], MAXIMUM));
        }
        var expiresAt = Instant.ofEpochSecond(now.plus(TTL).getEpochSecond() + 1);
        return new Hold(id, account.call(), ESTIMATE, charges, now, expiresAt, Hold.Origin.GATEWAY, id.low());
    }

    private static List<Posting> postings(Account account) {
        var postings = new ArrayList<Posting>(ACTUALS.length);
        for (int i = 0; i < ACTUALS.length; i++) {
            postings.add(Posting.add(account.counters().get(i), ACTUALS[i]));
        }
        return postings;
    }
}
