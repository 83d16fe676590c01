/**
 * What is counted: meters, and the amounts of them that one call uses.
 *
 * <p>Invariants: amounts are whole numbers, 0 or more; {@code tokens} is never less than {@code tokens.input} plus
 * {@code tokens.output}. This package knows no limits and no prices.
 */
@NullMarked
package dev.quotary.meter;

import org.jspecify.annotations.NullMarked;
