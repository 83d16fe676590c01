package dev.quotary.sql;

import static dev.quotary.testkit.LedgerContract.counting;
import static dev.quotary.testkit.LedgerContract.get;

import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.LedgerSamples;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;

/** The process that {@link SqliteCrashTest} kills: appends for ever, and writes the number of each event that is acknowledged. */
final class CrashingAppender {
    private static final int THREADS = 16;
    private static final long NUMBERS_PER_RUN = 100_000_000L;
    private static final long NUMBERS_PER_THREAD = 1_000_000L;

    private CrashingAppender() {}

    public static void main(String[] arguments) {
        long run = Long.parseLong(arguments[1]);
        var out = new FileOutputStream(FileDescriptor.out);
        var database = SqliteDatabase.open(Path.of(arguments[0]));
        var ledger = new SqlLedger(database, new LedgerModel.Counters());
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < THREADS; thread++) {
                long first = run * NUMBERS_PER_RUN + thread * NUMBERS_PER_THREAD;
                executor.execute(() -> append(ledger, first, out));
            }
        }
    }

    private static void append(SqlLedger ledger, long first, OutputStream out) {
        for (long number = first; number < first + NUMBERS_PER_THREAD; number++) {
            var event = LedgerSamples.plain(number, "user-" + number % 50, 1);
            get(ledger.append(List.of(counting(event))));
            acknowledge(number, out);
        }
    }

    /** One write per line: what the parent reads is what was acknowledged. */
    private static void acknowledge(long number, OutputStream out) {
        try {
            out.write((number + ".\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
