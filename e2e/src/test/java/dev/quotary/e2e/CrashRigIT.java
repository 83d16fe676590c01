package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.crash.CrashRig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short run of the rig that kills the server under load; {@code bench/run crash} is the long one. */
@Timeout(180)
class CrashRigIT {
    private static final int KILLS = 2;
    private static final long SEED = 20261122;

    @TempDir
    private Path folder;

    @Test
    void nothing_acknowledged_is_lost_and_nothing_stays_held_over_kills_under_load()
            throws IOException, InterruptedException {
        // Given
        var launcher = Quotary.root().resolve("quotary");
        var options = new CrashRig.Options(launcher, folder, KILLS, SEED, Duration.ofMillis(600));
        // When
        var report = CrashRig.run(options);
        // Then
        assertThat(report.worded()).isEmpty();
        assertThat(report.faults())
                .isNotEmpty()
                .allSatisfy((_, count) -> assertThat(count).isZero());
        assertThat(report.acknowledged()).isPositive();
    }
}
