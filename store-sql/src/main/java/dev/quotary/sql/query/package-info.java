/**
 * Answers questions about use from the rollups and, where these do not know enough, from the events.
 *
 * <p>A bucket of time is cut into {@link dev.quotary.sql.query.Pieces pieces}, each of which the coarsest table answers that has it whole.
 * All pieces of an answer are read by one statement, so that what does not add up (different subjects, percentiles) is counted by the
 * database over all of them. Statements are written for both databases in the same words.
 */
@NullMarked
package dev.quotary.sql.query;

import org.jspecify.annotations.NullMarked;
