package dev.quotary.gateway.upstream;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps calls away from an address that fails, so that they fail at once or go elsewhere.
 *
 * <p>Closed: calls pass; so many failures in a row open it. Open: no call passes until the time is over. Half open: one call passes, as a
 * probe; if it succeeds, the breaker closes, else it opens again. A probe that nobody hears of any more is given up after the same time.
 * Safe for many threads; the lock is held for a few comparisons.
 */
public final class Breaker {
    private final Thresholds thresholds;
    private final ReentrantLock lock = new ReentrantLock();
    private State state = State.CLOSED;
    private int failures;
    private Instant until = Instant.MIN;

    /** What the breaker does with calls. */
    public enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /**
     * When it opens and for how long.
     *
     * @param failures in a row
     * @param open how long no call passes; then one does
     */
    public record Thresholds(int failures, Duration open) {
        public static final int FAILURES = 5;
        public static final Duration OPEN = Duration.ofSeconds(30);

        public Thresholds {
            if (failures < 1 || open.isNegative() || open.isZero()) {
                throw new IllegalArgumentException(
                        "expected a breaker that opens after 1 failure or more, for some time");
            }
        }
    }

    public Breaker(Thresholds thresholds) {
        this.thresholds = thresholds;
    }

    /** How it stands; an open breaker whose time is over is told as open until a call comes. */
    public State state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a call would pass now. */
    boolean lets(Instant now) {
        lock.lock();
        try {
            return state == State.CLOSED || !now.isBefore(until);
        } finally {
            lock.unlock();
        }
    }

    /** Lets a call pass, which then has to tell how it ended; false if it may not. */
    boolean pass(Instant now) {
        lock.lock();
        try {
            if (state == State.CLOSED) {
                return true;
            }
            if (now.isBefore(until)) {
                return false;
            }
            state = State.HALF_OPEN;
            until = now.plus(thresholds.open());
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A call was answered. */
    void succeeded() {
        lock.lock();
        try {
            // A call from before it opened proves less than the failures since: only the probe closes it.
            if (state != State.OPEN) {
                state = State.CLOSED;
                failures = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    /** A call failed. Returns whether that opened it. */
    boolean failed(Instant now) {
        lock.lock();
        try {
            if (state == State.OPEN) {
                return false;
            }
            failures++;
            if (state == State.CLOSED && failures < thresholds.failures()) {
                return false;
            }
            state = State.OPEN;
            failures = 0;
            until = now.plus(thresholds.open());
            return true;
        } finally {
            lock.unlock();
        }
    }
}
