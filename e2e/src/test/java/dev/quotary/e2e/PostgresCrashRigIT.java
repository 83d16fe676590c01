package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.crash.PostgresCrashRig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short run of the rig that kills servers and the database that they share; {@code bench/run crash-postgres} is the long one. */
@Timeout(180)
class PostgresCrashRigIT {
    private static final int CYCLES = 4;
    private static final int WORKERS = 3;
    private static final long SEED = 20261127;

    @TempDir
    private Path folder;

    @Test
    void nothing_is_lost_or_admitted_twice_when_servers_and_their_database_are_killed_or_frozen()
            throws IOException, InterruptedException {
        // Given
        var launcher = Quotary.root().resolve("quotary");
        var length =
                new PostgresCrashRig.Length(CYCLES, WORKERS, Duration.ofMillis(500), Duration.ofMillis(3_000), false);
        var options = new PostgresCrashRig.Options(launcher, folder, SEED, length);
        // When
        var report = PostgresCrashRig.run(options);
        // Then
        assertThat(report.worded()).isEmpty();
        assertThat(report.faults())
                .isNotEmpty()
                .allSatisfy((_, count) -> assertThat(count).isZero());
        assertThat(report.acknowledged()).isPositive();
    }
}
