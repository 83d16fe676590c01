package dev.quotary.simulation;

import org.junit.jupiter.api.Test;

/** Thousands of runs of the whole core over a ledger in memory. */
class CoreSimulation {
    private static final int SEEDS = 3_000;

    @Test
    void no_fault_breaks_an_invariant() {
        Simulation.run(SEEDS, MemoryLedger.Storage::new, Breakage.NONE);
    }
}
