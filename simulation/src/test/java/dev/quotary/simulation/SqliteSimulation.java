package dev.quotary.simulation;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same runs over the real ledger on a file, fewer of them. */
class SqliteSimulation {
    private static final int SEEDS = 80;

    @TempDir
    private Path directory;

    @Test
    void no_fault_breaks_an_invariant() {
        Simulation.run(SEEDS, () -> new SqliteStorage(directory), Breakage.NONE);
    }
}
