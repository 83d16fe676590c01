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

    /**
     * The date whose window contains an instant. Where clocks were set back over midnight, an hour of the old date came again behind
     * the start of the new one; it belongs to the new date, or windows would overlap.
     */
    LocalDate dateAt(Instant at) {
        var date = LocalDate.ofInstant(at, zone);
        var next = date.plusDays(1);
        return at.isBefore(next.atStartOfDay(zone).toInstant()) ? date : next;
    }
}
