package dev.quotary.bench;

import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.EventQuery;
import dev.quotary.analytics.Granularity;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.Range;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.limit.CounterKey;
import dev.quotary.sql.Snapshots;
import dev.quotary.sql.SqlLedger;
import dev.quotary.sql.SqlRollups;
import dev.quotary.sql.SqliteDatabase;
import dev.quotary.sql.query.SqlUsageQueries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Questions about use to a SQLite file of many events, which the ledger itself has recorded, in the order of their times, and which are
 * summed up as a server does.
 *
 * <p>{@code FILE EVENTS SUBJECTS SECONDS}: fills the file if it is not there; then asks each question for so many seconds, one after the
 * other, and prints a line {@code run NAME p50=… p99=…} in milliseconds for each.
 */
public final class QueryBench {
    private static final OrganizationKey BENCH = new OrganizationKey("bench");
    /** The last moment there is something of: in the middle of a month, a day and an hour. */
    private static final Instant NOW = Instant.parse("2026-11-20T14:25:00Z");

    private static final Duration HISTORY = Duration.ofDays(60);
    private static final int MICROS_PER_MILLI = 1_000;
    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;
    private static final int SAMPLES_MAX = 100_000;
    private static final int TOP = 20;
    private static final int WARM_ROUNDS = 30;

    private static final Follower NOBODY = new Follower() {
        @Override
        public void recorded(Entry entry) {}

        @Override
        public void recounted(CounterKey counter, long used) {}
    };

    private QueryBench() {}

    public static void main(String[] arguments) throws IOException {
        var file = Path.of(arguments[0]);
        int events = Integer.parseInt(arguments[1]);
        int subjects = Integer.parseInt(arguments[2]);
        int seconds = Integer.parseInt(arguments[3]);
        boolean there = Files.exists(file);
        try (var database = SqliteDatabase.open(file);
                var ledger = new SqlLedger(database, NOBODY)) {
            if (!there) {
                fill(ledger, new SampleEvents(BENCH, subjects, NOW.minus(HISTORY), NOW), events);
            }
            long begun = System.nanoTime();
            new SqlRollups(database).sumUp(NOW.minus(SqlRollups.DELAY), () -> true);
            System.out.printf(Locale.ROOT, "run sum-up seconds=%.1f%n", (System.nanoTime() - begun) / 1e9);
            System.out.printf(Locale.ROOT, "run bytes-per-event bytes=%d%n", Files.size(file) / events);
            ask(new SqlUsageQueries(new Snapshots(database, ledger)), subjects, seconds);
        }
    }

    private static void fill(SqlLedger ledger, SampleEvents samples, int events) {
        long begun = System.nanoTime();
        for (int from = 0; from < events; from += Ledger.BATCH_MAX) {
            var batch = new ArrayList<Entry>();
            for (int i = from; i < Math.min(events, from + Ledger.BATCH_MAX); i++) {
                batch.add(new Entry(samples.event(i, events), List.of()));
            }
            ledger.append(batch).toCompletableFuture().join();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(Locale.ROOT, "run fill per_second=%.0f%n", events / seconds);
    }

    private static void ask(SqlUsageQueries queries, int subjects, int seconds) {
        var random = new SplittableRandom(11);
        var days = new Range(Instant.parse("2026-10-22T00:00:00Z"), NOW);
        var month = new Range(Instant.parse("2026-11-01T00:00:00Z"), NOW);
        var byDay = Question.of(BENCH, days, List.of(Measure.COST, Measure.TOKENS))
                .by(List.of(BuiltIn.MODEL), TOP)
                .by(Granularity.DAY, ZoneOffset.UTC);
        var berlin = new Range(Instant.parse("2026-10-21T22:00:00Z"), NOW);
        var abroad = byDay.in(berlin).by(Granularity.DAY, ZoneId.of("Europe/Berlin"));
        measure("subject-30-days", seconds, () -> queries.ask(byDay.where(subject(random.nextInt(subjects)))));
        measure("subject-30-days-berlin", seconds, () -> queries.ask(abroad.where(subject(random.nextInt(subjects)))));
        measure(
                "top-20-subjects",
                seconds,
                () -> queries.ask(
                        Question.of(BENCH, month, List.of(Measure.COST)).by(List.of(BuiltIn.SUBJECT), TOP)));
        measure("organization-30-days", seconds, () -> queries.ask(byDay));
        measure(
                "events-of-subject",
                seconds,
                () -> queries.page(
                        new EventQuery(BENCH, days, subject(random.nextInt(subjects)), Optional.empty(), 50)));
    }

    private static List<Condition> subject(int number) {
        return List.of(Condition.is(BuiltIn.SUBJECT, SampleEvents.subject(number)));
    }

    private static void measure(String name, int seconds, Supplier<CompletionStage<?>> question) {
        for (int i = 0; i < WARM_ROUNDS; i++) {
            check(question);
        }
        long[] micros = new long[SAMPLES_MAX];
        int count = 0;
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (count < SAMPLES_MAX && System.nanoTime() < end) {
            long begun = System.nanoTime();
            check(question);
            micros[count++] = (System.nanoTime() - begun) / 1_000;
        }
        var sorted = Arrays.copyOf(micros, count);
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT, "run %s p50=%.2f p99=%.2f n=%d%n", name, at(sorted, MEDIAN), at(sorted, P99), count);
    }

    private static void check(Supplier<CompletionStage<?>> question) {
        var answer = question.get().toCompletableFuture().join();
        if (answer instanceof Answer.TooManyEvents) {
            throw new IllegalStateException("expected an answer");
        }
    }

    private static double at(long[] sorted, double rank) {
        return (double) sorted[(int) ((sorted.length - 1) * rank)] / MICROS_PER_MILLI;
    }
}
