package dev.quotary.simulation;

import dev.quotary.testkit.FakeClock;

/**
 * What is around a process and outlives it.
 *
 * @param meanwhile what others do while a caller of the process blocks
 */
record World(
        Fate fate,
        FakeClock clock,
        SimulatedDisk disk,
        GroupLedger.Storage storage,
        SimulatedLedger.Outage outage,
        SimulatedCatalogStore catalogStore,
        Runnable meanwhile) {}
