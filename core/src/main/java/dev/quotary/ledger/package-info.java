/**
 * The durable record of use, the truth that everything else is derived from; its port is {@link dev.quotary.ledger.Ledger}.
 *
 * <p>Invariants: entries are only ever appended; an event is there once for its id; an append is answered after it is durable. This
 * package prices nothing and admits nothing.
 */
@NullMarked
package dev.quotary.ledger;

import org.jspecify.annotations.NullMarked;
