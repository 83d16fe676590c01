/**
 * The limiter of several nodes that share one PostgreSQL: group admission.
 *
 * <p>Everything that waits on a node is decided in one transaction: the organizations concerned are locked in the order of their keys, what
 * the decisions depend on is read, the decisions are made here, and counters and holds are written through arrays. Committed use is not this
 * package's: it belongs to the ledger, which drops the holds of what it records in the transaction that records it.
 */
@NullMarked
package dev.quotary.sql.admission;

import org.jspecify.annotations.NullMarked;
