/**
 * Batches of use that are accepted first and recorded afterwards, with an answer to ask for.
 *
 * <p>Invariants: an accepted batch is durable, whatever dies; it is recorded as a whole or not at all, and once, as its events have ids that
 * follow from the batch's; it is tried {@link Sync#RETRIES_MAX} times more after the first try, ever more seldom, and is parked then until
 * somebody resumes it. This package knows how a batch moves from state to state and where it is kept, not what is in it.
 */
@NullMarked
package dev.quotary.sync;

import org.jspecify.annotations.NullMarked;
