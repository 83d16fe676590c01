/**
 * The ledger and the catalog in SQL; today on SQLite, one file beside the server.
 *
 * <p>Statements are kept to what SQLite and PostgreSQL both understand. What only SQLite knows is in three places, and a second
 * database needs its own of these: {@link dev.quotary.sql.SqliteFile} (connections), {@link dev.quotary.sql.Migrations} and the
 * schema. Invariants: all writing goes through one thread, {@link dev.quotary.sql.GroupWriter}; an event, its hourly rollup and its
 * window sums become durable in one transaction; nothing is answered before it is durable.
 */
@NullMarked
package dev.quotary.sql;

import org.jspecify.annotations.NullMarked;
