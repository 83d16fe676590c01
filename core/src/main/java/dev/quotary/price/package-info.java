/**
 * What a call costs: disjoint token buckets, dated price rows, and the receipt that shows the arithmetic.
 *
 * <p>Invariants: buckets never overlap, so a cost is a plain sum of products; a price row once used is never changed, a new price is
 * a new row with a later date; rounding to picodollars happens once per receipt. This package reads no wire formats and keeps no usage.
 */
@NullMarked
package dev.quotary.price;

import org.jspecify.annotations.NullMarked;
