/**
 * Exact money: US dollars counted in whole picodollars (10<sup>-12</sup> USD).
 *
 * <p>One unit is small enough that every published price per token is a whole number of units, so sums never round. Rounding
 * happens in one place only: {@code price.Receipt}, once per usage event. This package knows no prices and no currencies but USD.
 */
@NullMarked
package dev.quotary.money;

import org.jspecify.annotations.NullMarked;
