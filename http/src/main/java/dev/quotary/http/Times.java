package dev.quotary.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Writes instants as RFC 3339 in UTC, as {@link Instant#toString} does.
 *
 * <p>Whole seconds of the years 1970 to 9999, which are all bounds of windows and all expiries, are written by hand: an answer has a
 * dozen of them, and the formatter of the JDK would take more time for them than everything else in it.
 */
public final class Times {
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long END = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private Times() {}

    /** The text of an instant. */
    public static String text(Instant at) {
        long seconds = at.getEpochSecond();
        if (at.getNano() != 0 || seconds < 0 || seconds > END) {
            return at.toString();
        }
        var out = "0000-00-00T00:00:00Z".getBytes(StandardCharsets.ISO_8859_1);
        int second = (int) (seconds % SECONDS_PER_DAY);
        date(out, (int) (seconds / SECONDS_PER_DAY));
        two(out, 11, second / 3600);
        two(out, 14, second / 60 % 60);
        two(out, 17, second % 60);
        return new String(out, StandardCharsets.ISO_8859_1);
    }

    /** The civil date of a day since 1970: years are taken to begin in March, so that the leap day is their last. */
    private static void date(byte[] out, int day) {
        int shifted = day + 719_468;
        int era = shifted / 146_097;
        int dayOfEra = shifted % 146_097;
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int marchMonth = (5 * dayOfYear + 2) / 153;
        int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        int year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        two(out, 0, year / 100);
        two(out, 2, year % 100);
        two(out, 5, month);
        two(out, 8, dayOfYear - (153 * marchMonth + 2) / 5 + 1);
    }

    private static void two(byte[] out, int at, int number) {
        out[at] = (byte) ('0' + number / 10);
        out[at + 1] = (byte) ('0' + number % 10);
    }
}
