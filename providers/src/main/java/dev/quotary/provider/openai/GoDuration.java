package dev.quotary.provider.openai;

import java.math.BigDecimal;

/** Durations as Go prints them, which is how OpenAI's rate-limit headers tell when a limit resets: {@code 12ms}, {@code 6.4s}, {@code 6m0s}. */
final class GoDuration {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    private GoDuration() {}

    static String ofMillis(long millis) {
        if (millis < 0) {
            throw new IllegalArgumentException("expected 0 or more milliseconds, was " + millis);
        }
        if (millis > 0 && millis < SECOND) {
            return millis + "ms";
        }
        var text = new StringBuilder();
        if (millis >= HOUR) {
            text.append(millis / HOUR).append('h');
        }
        if (millis >= MINUTE) {
            text.append(millis % HOUR / MINUTE).append('m');
        }
        return text.append(seconds(millis % MINUTE)).append('s').toString();
    }

    private static String seconds(long millis) {
        return millis == 0
                ? "0"
                : BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
    }
}
