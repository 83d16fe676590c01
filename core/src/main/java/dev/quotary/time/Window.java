package dev.quotary.time;

import java.time.Duration;
import java.time.Instant;

/** Half-open stretch of time: {@code start} is inside, {@code end} is not. */
public record Window(Instant start, Instant end) {
    /** The window that never resets. */
    public static final Window ENDLESS = new Window(Instant.EPOCH, Instant.parse("9999-12-31T23:59:59Z"));

    public Window {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("window must start before it ends: " + start + " .. " + end);
        }
    }

    public boolean contains(Instant at) {
        return !at.isBefore(start) && at.isBefore(end);
    }

    /** Whether the count starts anew at {@link #end}. */
    public boolean resets() {
        return !equals(ENDLESS);
    }

    public Duration untilReset(Instant now) {
        return Duration.between(now, end);
    }
}
