/**
 * What use will come to, from what it has been: the end of a period, when a limit will be hit, how much will be over.
 *
 * <p>Invariants: the same history gives the same forecast, on every machine; what was used is in every forecast exactly, only what is to
 * come is estimated; amounts leave this package as whole units. It reads no store and decides nothing. The statistics inside are doubles,
 * which is what their methods are defined on: an estimate is not made better by exact arithmetic, and rounding happens once, in {@link
 * dev.quotary.analytics.forecast.Forecast}.
 */
@NullMarked
package dev.quotary.analytics.forecast;

import org.jspecify.annotations.NullMarked;
