package dev.quotary.limit;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What happens when a limit has no room.
 *
 * @param status HTTP status of the refusal; empty for 402 on windows of a day or longer and 429 below
 * @param queueFor how long {@link Action#QUEUE} may wait
 * @param overageMax how far {@link Action#OVERAGE} may go beyond the maximum, in the meter's smallest unit
 * @param grace how long after the first excess calls still pass
 */
public record Exceeded(Action action, OptionalInt status, Duration queueFor, long overageMax, Duration grace) {
    /** The longest {@link #queueFor}: callers and what is between them and us give up on longer silences. */
    public static final Duration QUEUE_FOR_MAX = Duration.ofMinutes(10);

    public static final Exceeded BLOCK =
            new Exceeded(Action.BLOCK, OptionalInt.empty(), Duration.ZERO, 0, Duration.ZERO);

    public Exceeded {
        if (status.isPresent() && status.getAsInt() != 402 && status.getAsInt() != 429) {
            throw new IllegalArgumentException("expected status 402 or 429, was " + status.getAsInt());
        }
        if (overageMax < 0 || queueFor.isNegative() || grace.isNegative()) {
            throw new IllegalArgumentException("expected an overage, wait and grace of 0 or more");
        }
        if (queueFor.compareTo(QUEUE_FOR_MAX) > 0) {
            throw new IllegalArgumentException(
                    "expected a wait of at most " + QUEUE_FOR_MAX.toMinutes() + " minutes, was " + queueFor);
        }
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
