/**
 * What the same tokens would cost otherwise: on another model of the same line, in batches, with more of the prompt in a cache.
 *
 * <p>Invariants: every amount is the exact product of what was used and a unit price of the price book in force; nothing is guessed of
 * how another model would answer. Prices for long prompts are left out, on both sides of a comparison.
 */
@NullMarked
package dev.quotary.analytics.advice;

import org.jspecify.annotations.NullMarked;
