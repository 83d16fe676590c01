package dev.quotary.sql;

import static dev.quotary.testkit.LedgerContract.TOKENS;
import static dev.quotary.testkit.LedgerContract.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.EventId;
import dev.quotary.testkit.LedgerCountingContract;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.LedgerSamples;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that appends is killed, time and again, over the same file. */
class SqliteCrashTest {
    private static final int KILLS = 4;

    @TempDir
    private Path directory;

    @Test
    void what_was_acknowledged_before_a_kill_is_there_once() throws IOException, SQLException {
        // Given
        var file = directory.resolve("quotary.db");
        var acknowledged = new ArrayList<Long>();
        for (int kill = 0; kill < KILLS; kill++) {
            // When: in the middle of whatever it does after so many acknowledgements
            acknowledged.addAll(runAndKill(file, kill));
            // Then
            assertThat(acknowledged).doesNotHaveDuplicates();
            check(file, acknowledged);
        }
    }

    private static List<Long> runAndKill(Path file, int run) throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingAppender.class.getName(),
                        file.toString(),
                        String.valueOf(run))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var acknowledged = new ArrayList<Long>();
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int killAt = 500 + 700 * run;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                // The last line may be torn; a whole one ends with a mark.
                if (line.endsWith(".")) {
                    acknowledged.add(Long.parseLong(line, 0, line.length() - 1, 10));
                }
                if (acknowledged.size() == killAt) {
                    // Not through Process, which would close the stream on what was acknowledged until the end.
                    process.toHandle().destroyForcibly();
                }
            }
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(killAt);
        } finally {
            process.destroyForcibly();
        }
        return acknowledged;
    }

    private static void check(Path file, List<Long> acknowledged) throws SQLException {
        var follower = new LedgerModel.Counters();
        try (var database = SqliteDatabase.open(file);
                var ledger = new SqlLedger(database, follower)) {
            for (long number : acknowledged) {
                assertThat(get(ledger.find(LedgerSamples.ACME, new EventId(number, number))))
                        .isPresent();
            }
            long sum = get(ledger.sum(TOKENS));
            get(ledger.recount(List.of(LedgerCountingContract.recount(TOKENS))));
            assertThat(get(ledger.sum(TOKENS))).isEqualTo(sum);
            assertThat(sum).isGreaterThanOrEqualTo(acknowledged.size());
            assertThat(RawSql.number(file, "SELECT count(*) FROM usage_event")).isEqualTo(sum);
            assertThat(RawSql.number(file, "SELECT sum(events) FROM usage_hour"))
                    .isEqualTo(sum);
            assertThat(RawSql.number(file, "SELECT count(DISTINCT id) FROM usage_event"))
                    .isEqualTo(sum);
        }
    }
}
