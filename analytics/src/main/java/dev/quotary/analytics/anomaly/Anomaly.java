package dev.quotary.analytics.anomaly;

/**
 * A day that is far from what was to be expected of it.
 *
 * @param day its index in the series
 * @param units used on it
 * @param expected the median of the days it was compared with
 * @param score in tenths: how far it is from that, by the usual distance of such days; negative for less than expected
 * @param days it was compared with
 * @param sameWeekday whether these were of the same day of the week only
 */
public record Anomaly(int day, long units, long expected, long score, int days, boolean sameWeekday) {}
