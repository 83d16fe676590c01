/**
 * The limiter of the embedded default: counters and holds in this process, holds kept across a restart in a journal file.
 *
 * <p>Committed use is not stored here: it is read from the ledger at the start. Only one process may decide with it at a time.
 */
@NullMarked
package dev.quotary.memory;

import org.jspecify.annotations.NullMarked;
