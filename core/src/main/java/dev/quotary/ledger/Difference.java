package dev.quotary.ledger;

import dev.quotary.call.OrganizationKey;
import java.time.Instant;

/** Something derived that is not what the ledger's events, or the sums over them, make it. What is not there at all counts as 0. */
public sealed interface Difference {
    OrganizationKey organization();

    /** What it should be. */
    long expected();

    /** What it is. */
    long found();

    /**
     * A sum in an hour's rollup against the events of that hour.
     *
     * @param sum which of the row's sums, such as {@code tokens_input}
     */
    record OfRollup(OrganizationKey organization, Hour hour, String sum, long expected, long found)
            implements Difference {}

    /** Names a row of the hourly rollup; a dimension that the events do not have is the empty text. */
    record Hour(Instant start, String subject, String provider, String model, String feature) {}

    /**
     * A sum of a declared meter in an hour against the events of that hour.
     *
     * @param sum which of the row's sums, such as {@code amount}; or {@code value} and the value of a meter of aggregation unique
     */
    record OfMeter(OrganizationKey organization, MeterHour hour, String sum, long expected, long found)
            implements Difference {}

    /** Names a row of the hourly sums of declared meters; {@code dimensions} as they are kept, {@code name=value name=value}. */
    record MeterHour(Instant start, String meter, String subject, String dimensions) {}

    /**
     * The stored use of a counter against the events of its window.
     *
     * @param counted {@link dev.quotary.limit.Counted#text()}
     */
    record OfSum(OrganizationKey organization, String counted, Whose whose, long expected, long found)
            implements Difference {}

    /** When the newest level of a counter was taken, in microseconds since 1970, against the events; 0 for none. */
    record OfLevelTime(OrganizationKey organization, String counted, Whose whose, long expected, long found)
            implements Difference {}

    /** Names one sum of a thing that is counted: whose, and in which window. */
    record Whose(String scopeValue, Instant windowStart) {}

    /**
     * The use that the limiter decides by against the stored use; or what a counter holds against the reservations that hold it.
     *
     * @param counted of the latter it ends in {@link #HELD}
     */
    record OfCounter(OrganizationKey organization, String counted, Whose whose, long expected, long found)
            implements Difference {
        /** What is held, and not what is used. */
        public static final String HELD = " held";
    }
}
