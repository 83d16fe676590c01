/**
 * Limits, and the port that decides against them: {@link dev.quotary.limit.Limiter}.
 *
 * <p>Invariants: committed use and outstanding holds are two numbers, never one; a hold is taken on all counters of a call or on
 * none; every hold expires. The limiter knows counters and maxima only: which limits apply, and what a refusal looks like, is decided
 * in {@code dev.quotary.usage}. Counters are derived from the ledger and can be rebuilt from it.
 */
@NullMarked
package dev.quotary.limit;

import org.jspecify.annotations.NullMarked;
