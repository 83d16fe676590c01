/**
 * What happens, as it happens: streams of server-sent events.
 *
 * <p>Invariants: whoever records or decides never waits for a reader, and pays a few nanoseconds where nobody reads; what is kept is bounded
 * per organization, and nothing is kept per reader; a reader that missed something is told so. Nothing here is a record: what must not be
 * lost is asked of the ledger.
 */
@NullMarked
package dev.quotary.api.live;

import org.jspecify.annotations.NullMarked;
