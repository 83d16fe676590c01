/**
 * Recorded events as files, for other programs.
 *
 * <p>Invariants: however many events there are, a few pages of them are in memory; a file that could not be finished is broken off, never
 * ended as if it were whole; amounts are exact decimals, and the costs of a FOCUS file add up to what its events cost. A writer is for one
 * file and one thread.
 */
@NullMarked
package dev.quotary.api.export;

import org.jspecify.annotations.NullMarked;
