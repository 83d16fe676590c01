/**
 * The whole core under faults: one thread, a fake clock, seeded randomness, and the real code of engine, limiter, journal and
 * declarations between a client, a disk and a ledger that are simulated.
 *
 * <p>A {@link dev.quotary.simulation.Run} is a list of steps, each with a seed of its own. After each step what the core says is
 * compared with {@link dev.quotary.simulation.Truth}, which knows what was sent and what the ledger holds, and computes everything else
 * anew in the plainest way. How to run, read and extend it: CONTRIBUTING.md.
 */
@NullMarked
package dev.quotary.simulation;

import org.jspecify.annotations.NullMarked;
