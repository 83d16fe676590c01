package dev.quotary.sql;

import static dev.quotary.testkit.LedgerContract.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Entry;
import dev.quotary.testkit.AuditContract;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.LedgerSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that rebuilds is killed at every stage, each time over a copy of the same damaged file. */
class SqliteRebuildCrashTest {
    private static final int BATCHES = 40;
    private static final int BATCH = 250;

    @TempDir
    private Path directory;

    @Test
    void killed_rebuild_leaves_the_old_sums_or_the_new_ones() throws IOException, SQLException {
        // Given
        var damaged = damaged();
        var before = differences(damaged);
        assertThat(before.size()).isGreaterThan(5_000);
        var stages = List.of(1, before.size() / 2, before.size() - 1, before.size(), before.size() + 1);
        for (int stage : stages) {
            var file = copy(damaged, "killed-after-" + stage + ".db");
            // When
            int told = runAndKill(file, stage);
            // Then
            var after = differences(file);
            assertThat(told).isGreaterThanOrEqualTo(stage);
            assertThat(after.isEmpty() || after.equals(before)).isTrue();
            if (stage < before.size()) {
                assertThat(after).isEqualTo(before);
            }
            if (stage > before.size()) {
                assertThat(after).isEmpty();
            }
            assertThat(RawSql.number(file, "SELECT count(*) FROM usage_event")).isEqualTo(BATCHES * BATCH);
        }
    }

    private Path damaged() throws SQLException {
        var file = directory.resolve("damaged.db");
        var samples = new LedgerSamples(new SplittableRandom(11));
        try (var database = SqliteDatabase.open(file);
                var ledger = new SqlLedger(database, new LedgerModel.Counters())) {
            for (int i = 0; i < BATCHES; i++) {
                var batch = new ArrayList<Entry>();
                for (int j = 0; j < BATCH; j++) {
                    batch.add(samples.entry());
                }
                get(ledger.append(batch));
            }
        }
        RawSql.execute(file, "UPDATE usage_hour SET tokens = tokens + 1");
        RawSql.execute(file, "UPDATE window_sum SET used = used - 1 WHERE used > 0");
        return file;
    }

    private Path copy(Path file, String name) throws IOException {
        return Files.copy(file, directory.resolve(name));
    }

    private static Set<Difference> differences(Path file) {
        var differences = new HashSet<Difference>();
        new SqliteAudit(file).verify(AuditContract.Everything.COUNTED, LedgerSamples.START, differences::add);
        return differences;
    }

    /** Kills the process once it has written so many bytes; returns how many it has written in all. */
    private static int runAndKill(Path file, int killAt) throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingRebuild.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int told = 0;
        try (var out = process.getInputStream()) {
            byte[] bytes = new byte[1024];
            for (int read = out.read(bytes); read > 0; read = out.read(bytes)) {
                boolean reached = told < killAt && told + read >= killAt;
                told += read;
                if (reached) {
                    // Not through Process, which would close the stream.
                    process.toHandle().destroyForcibly();
                }
            }
            process.onExit().join();
        } finally {
            process.destroyForcibly();
        }
        return told;
    }
}
