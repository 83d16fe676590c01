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
import dev.quotary.limit.Scope;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.sql.LedgerParticipant;
import dev.quotary.sql.PostgresDatabase;
import dev.quotary.sql.PostgresUrl;
import dev.quotary.sql.admission.PostgresLimiter;
import dev.quotary.sql.admission.PostgresLimiterOptions;
import dev.quotary.testkit.postgres.PostgresServer;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reservations a second in a PostgreSQL that syncs every commit to the disk: group admission, and beside it the same statements with one
 * decision in a transaction, over as many connections as a usual pool has.
 *
 * <p>Every reservation holds six limits of the same kinds as in {@link AdmissionBench}, of one organization with 1,000 subjects who take
 * turns: two counters are everybody's, four the subject's own. As many virtual threads as the run is named by wait for their answers, as
 * calls do in the server.
 */
public final class PostgresAdmission {
    private static final int SUBJECTS = 1_000;
    private static final long MAXIMUM = 1_000_000_000_000_000_000L;
    private static final Duration TTL = Duration.ofSeconds(60);
    private static final OrganizationKey ORGANIZATION = new OrganizationKey("bench");
    private static final Amounts ESTIMATE = new Amounts(Quantities.ofTokens(1, 500, 500), new Money(10_000_000));
    private static final PostgresLimiterOptions PEER = new PostgresLimiterOptions(8, 1, Duration.ofSeconds(5));

    private static final List<Counted> LIMITS = List.of(
            counted(MeterKey.REQUESTS, Scope.KEY, "minute"),
            counted(MeterKey.TOKENS, Scope.SUBJECT, "minute"),
            counted(MeterKey.TOKENS, Scope.SUBJECT, "day"),
            counted(MeterKey.TOKENS, Scope.SESSION, "lifetime"),
            counted(MeterKey.REQUESTS, Scope.ORGANIZATION, "minute"),
            counted(MeterKey.COST, Scope.ORGANIZATION, "month"));

    private final PostgresServer server;
    private final long seconds;
    private final AtomicLong sequence = new AtomicLong();

    private record Run(String name, int waiting, PostgresLimiterOptions options) {}

    private PostgresAdmission(PostgresServer server, long seconds) {
        this.server = server;
        this.seconds = seconds;
    }

    /** @param arguments how many seconds a run takes, and how many callers wait in each of the runs */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        long seconds = Long.parseLong(arguments[0]);
        try (var server = PostgresServer.start(Map.of("fsync", "on", "shared_buffers", "256MB"))) {
            var bench = new PostgresAdmission(server, seconds);
            for (var waiting : Arrays.copyOfRange(arguments, 1, arguments.length)) {
                int callers = Integer.parseInt(waiting);
                bench.run(new Run("group", callers, PostgresLimiterOptions.DEFAULT));
                bench.run(new Run("single", callers, PEER));
            }
        }
    }

    private void run(Run run) throws InterruptedException, ExecutionException {
        var url = server.newDatabase();
        PostgresDatabase.open(PostgresUrl.parse(url), LedgerParticipant.NONE).close();
        try (var limiter = new PostgresLimiter(() -> server.connect(url), run.name(), run.options())) {
            load(limiter, run.waiting(), Math.max(1, seconds / 2));
            server.execute(url, "ANALYZE");
            var nanos = load(limiter, run.waiting(), seconds);
            Arrays.sort(nanos);
            System.out.println("run " + run.name() + " waiting=" + run.waiting() + " per_second="
                    + nanos.length / seconds + " p50_us=" + nanos[nanos.length / 2] / 1_000 + " p99_us="
                    + nanos[(int) (nanos.length * 99L / 100)] / 1_000);
        }
    }

    /** Returns how long each reservation took. */
    private long[] load(Limiter limiter, int waiting, long forSeconds) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + Duration.ofSeconds(forSeconds).toNanos();
        var each = new ArrayList<Future<long[]>>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < waiting; i++) {
                each.add(callers.submit(() -> reserveUntil(limiter, end)));
            }
        }
        var all = new ArrayList<long[]>();
        for (var future : each) {
            all.add(future.get());
        }
        return all.stream().flatMapToLong(Arrays::stream).toArray();
    }

    private long[] reserveUntil(Limiter limiter, long end) {
        var nanos = new ArrayList<Long>();
        long before = System.nanoTime();
        while (before < end) {
            var now = Instant.now();
            if (!(limiter.reserve(hold(sequence.incrementAndGet(), now), now) instanceof Admission.Granted)) {
                throw new IllegalStateException("there is room for all");
            }
            long after = System.nanoTime();
            nanos.add(after - before);
            before = after;
        }
        return nanos.stream().mapToLong(Long::longValue).toArray();
    }

    private static Counted counted(MeterKey meter, Scope scope, String window) {
        return new Counted(meter, Filter.ALL, scope, WindowSpec.parse(window));
    }

    private static Hold hold(long number, Instant now) {
        var who = "-" + number % SUBJECTS;
        var dimensions = new Dimensions("openai", "gpt", null, "session" + who, null, Map.of());
        var call = new Call(ORGANIZATION, new SubjectKey("subject" + who), new KeyId("key" + who), dimensions);
        var charges = new ArrayList<Charge>();
        for (var limit : LIMITS) {
            var value = Objects.requireNonNull(limit.scope().valueOf(call), "every scope applies");
            var counter =
                    new CounterKey(ORGANIZATION, limit, value, limit.window().at(now, WindowCalendar.UTC));
            charges.add(new Charge(counter, ESTIMATE.of(limit.meter()), MAXIMUM));
        }
        var expiresAt = Instant.ofEpochSecond(now.plus(TTL).getEpochSecond() + 1);
        var id = new ReservationId(0x0190_0000_0000_7000L, number);
        return new Hold(id, call, ESTIMATE, charges, now, expiresAt, Hold.Origin.GATEWAY, number);
    }
}
