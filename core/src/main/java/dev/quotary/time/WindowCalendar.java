package dev.quotary.time;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * What turns a {@link WindowSpec} into instants for one organization.
 *
 * @param zone whose midnights bound days, weeks, months and billing periods
 * @param weekStart first day of a week
 * @param billingAnchor first day of some billing period; its day of the month is where the others begin
 */
public record WindowCalendar(ZoneId zone, DayOfWeek weekStart, LocalDate billingAnchor) {
    public static final WindowCalendar UTC = of(ZoneOffset.UTC, LocalDate.EPOCH);

    public static WindowCalendar of(ZoneId zone, LocalDate billingAnchor) {
        return new WindowCalendar(zone, WindowSpec.WEEK_START, billingAnchor);
    }

    LocalDate dateAt(Instant at) {
        return LocalDate.ofInstant(at, zone);
    }
}
