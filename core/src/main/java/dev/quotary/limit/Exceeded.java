package dev.quotary.limit;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What happens when a limit has no room.
 *
 * @param status HTTP status of the refusal; empty for 402 on windows of a day or longer and 429 below
 * @param queueFor how long {@link Action#QUEUE} may wait
 * @param overageMax how far calls may go beyond the maximum, in the meter's smallest unit; empty where it does not say
 * @param grace how long after the first excess calls still pass; with {@link Action#BLOCK} and {@link Action#OVERAGE}
 * @param delay how long a call beyond the maximum is held up; with {@link Action#THROTTLE}
 */
public record Exceeded(
        Action action, OptionalInt status, Duration queueFor, OptionalLong overageMax, Duration grace, Duration delay) {
    /** The longest {@link #queueFor}: callers and what is between them and us give up on longer silences. */
    public static final Duration QUEUE_FOR_MAX = Duration.ofMinutes(10);
    /** A longer {@link #delay} would outlive callers and connections. */
    public static final Duration DELAY_MAX = Duration.ofSeconds(60);

    public static final Exceeded BLOCK = of(Action.BLOCK);

    public Exceeded {
        if (status.isPresent() && status.getAsInt() != 402 && status.getAsInt() != 429) {
            throw new IllegalArgumentException("expected status 402 or 429, was " + status.getAsInt());
        }
        if (overageMax.orElse(0) < 0 || queueFor.isNegative() || grace.isNegative() || delay.isNegative()) {
            throw new IllegalArgumentException("expected an overage, wait, grace and delay of 0 or more");
        }
        if (queueFor.compareTo(QUEUE_FOR_MAX) > 0) {
            throw new IllegalArgumentException(
                    "expected a wait of at most " + QUEUE_FOR_MAX.toMinutes() + " minutes, was " + queueFor);
        }
        if (action == Action.OVERAGE && overageMax.isEmpty()) {
            throw new IllegalArgumentException("expected an overage_max for action overage");
        }
        if (delay.compareTo(DELAY_MAX) > 0) {
            throw new IllegalArgumentException("expected a delay of at most " + DELAY_MAX.toSeconds() + "s");
        }
    }

    /** An action that needs nothing else said. */
    public static Exceeded of(Action action) {
        return new Exceeded(
                action, OptionalInt.empty(), Duration.ZERO, OptionalLong.empty(), Duration.ZERO, Duration.ZERO);
    }

    public static Exceeded overage(long max) {
        return new Exceeded(
                Action.OVERAGE, OptionalInt.empty(), Duration.ZERO, OptionalLong.of(max), Duration.ZERO, Duration.ZERO);
    }

    /** How far calls may go beyond a maximum, while its grace lasts if it has one. */
    long beyond(Maximum maximum) {
        return switch (action) {
            case SHADOW -> Long.MAX_VALUE;
            case OVERAGE -> overageMax.orElseThrow();
            case THROTTLE -> overageMax.orElse(maximum.units());
            case BLOCK -> grace.isZero() ? 0 : overageMax.orElse(Long.MAX_VALUE);
            case QUEUE -> 0;
        };
    }

    /** How a limit answers a call that it has no room for. */
    public enum Action {
        BLOCK,
        THROTTLE,
        QUEUE,
        OVERAGE,
        SHADOW;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
