/**
 * The ledger and the catalog in SQL: on SQLite, one file beside the server, or on PostgreSQL, which several servers may share.
 *
 * <p>Statements are kept to what both understand. What they do differently is in {@link dev.quotary.sql.Dialect}; connections
 * ({@link dev.quotary.sql.SqliteFile}, {@link dev.quotary.sql.PostgresSessions}), migrations and schemas are each one's own. Invariants: all
 * writing of a process goes through one thread, {@link dev.quotary.sql.GroupWriter}; an event, its hourly rollup and its window sums become
 * durable in one transaction; nothing is answered before it is durable; on PostgreSQL, transactions of one organization follow one another
 * ({@link dev.quotary.sql.OrganizationLocks}).
 */
@NullMarked
package dev.quotary.sql;

import org.jspecify.annotations.NullMarked;
