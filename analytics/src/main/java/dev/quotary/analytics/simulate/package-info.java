/**
 * History replayed against other declarations: who would have been stopped or warned, when, and what it would have cost.
 *
 * <p>Invariants: what decides is the engine itself, {@link dev.quotary.usage.Admissions} and {@link dev.quotary.usage.Settlements} over a
 * limiter of its own; nothing that is recorded or counted is touched. The same history and declarations give the same answer.
 */
@NullMarked
package dev.quotary.analytics.simulate;

import org.jspecify.annotations.NullMarked;
