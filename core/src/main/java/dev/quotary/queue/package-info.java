/**
 * Waiting for room: who waits, for what, and whose turn it is.
 *
 * <p>A {@link dev.quotary.queue.WaitingRoom} knows nothing of limits. A resource is whatever an attempt can name when there is no room
 * in it: a limit's counter today. Invariants: every one who waits gets exactly one answer; nobody waits longer than allowed; whoever
 * could be admitted in the order of turns is; what is bounded is refused at once when it is full.
 */
@NullMarked
package dev.quotary.queue;

import org.jspecify.annotations.NullMarked;
