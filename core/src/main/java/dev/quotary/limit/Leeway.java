package dev.quotary.limit;

import java.time.Duration;
import java.time.Instant;

/**
 * How far a limit lets its counter go where that depends on more than the counter's own two numbers.
 *
 * @param maximum without burst and grace
 * @param burst how much of what the window before left unused may be used on top
 * @param beyond how far calls may go past all that; {@link Long#MAX_VALUE} without a bound
 * @param grace how long after the first call past the maximum {@code beyond} stays open; zero for as long as the window
 */
public record Leeway(long maximum, long burst, long beyond, Duration grace) {
    public Leeway {
        if (maximum < 0 || burst < 0 || beyond < 0 || grace.isNegative()) {
            throw new IllegalArgumentException("expected numbers and a grace of 0 or more");
        }
    }

    boolean graced() {
        return !grace.isZero();
    }

    /** The maximum in this window, burst included. */
    public long maximum(Past past) {
        if (burst == 0 || maximum == Long.MAX_VALUE) {
            return maximum;
        }
        return plus(maximum, Math.min(burst, Math.max(0, maximum - past.before())));
    }

    /** What used and held together may reach at {@code now}. */
    public long most(Past past, Instant now) {
        return graceOver(past, now) ? maximum(past) : plus(maximum(past), beyond);
    }

    /** Whether there was a grace, and it is over. */
    public boolean graceOver(Past past, Instant now) {
        var since = past.exceededAt();
        return graced() && since != null && !now.isBefore(since.plus(grace));
    }

    private static long plus(long number, long more) {
        return more > Long.MAX_VALUE - number ? Long.MAX_VALUE : number + more;
    }
}
