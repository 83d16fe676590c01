package dev.quotary.gateway.upstream;

import java.time.Duration;

/**
 * How long is waited for a provider.
 *
 * @param connect for a connection
 * @param firstByte from the whole request to the head of the answer
 * @param silence between two pieces of the answer
 */
public record Timeouts(Duration connect, Duration firstByte, Duration silence) {
    public static final Duration CONNECT = Duration.ofSeconds(10);
    public static final Duration ANSWER = Duration.ofMinutes(10);
    public static final Timeouts DEFAULT = new Timeouts(CONNECT, ANSWER, ANSWER);

    public Timeouts {
        if (connect.isNegative()
                || connect.isZero()
                || firstByte.isNegative()
                || firstByte.isZero()
                || silence.isNegative()
                || silence.isZero()) {
            throw new IllegalArgumentException("expected time-outs longer than nothing");
        }
    }

    /** The same for everything but connecting. */
    public static Timeouts of(Duration answer) {
        return new Timeouts(CONNECT, answer, answer);
    }
}
