package dev.quotary.analytics.forecast;

import dev.quotary.analytics.Range;
import java.time.ZoneId;
import java.util.OptionalLong;

/**
 * What is forecast: a period that is running.
 *
 * @param zone whose days are counted
 * @param used so far, exactly; empty where it is what the days of the period sum up to
 * @param maximum empty where nothing is limited
 */
public record Period(Range range, ZoneId zone, OptionalLong used, OptionalLong maximum) {}
