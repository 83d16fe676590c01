/**
 * Questions about recorded use, their answers, and the ports that give them.
 *
 * <p>A {@link dev.quotary.analytics.Question} names measures, a range, a granularity, a time zone, dimensions to group by and to filter
 * by; {@link dev.quotary.analytics.UsageQueries} answers it, and {@link dev.quotary.analytics.EventSearch} shows the events behind it.
 *
 * <p>Invariants: quantities and money are whole numbers; an average or a share is an exact quotient, which nobody has divided yet. An
 * answer shows one moment of the ledger, and everything that was acknowledged before it was asked for. This package decides nothing about
 * calls, and knows no SQL and no HTTP.
 */
@NullMarked
package dev.quotary.analytics;

import org.jspecify.annotations.NullMarked;
