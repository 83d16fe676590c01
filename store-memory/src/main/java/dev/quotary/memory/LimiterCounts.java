package dev.quotary.memory;

/**
 * How much a limiter keeps.
 *
 * @param counters in memory
 * @param holds that live
 * @param expirations holds that expired since the start
 */
public record LimiterCounts(long counters, long holds, long expirations) {
    static final LimiterCounts NONE = new LimiterCounts(0, 0, 0);

    LimiterCounts plus(LimiterCounts other) {
        return new LimiterCounts(counters + other.counters, holds + other.holds, expirations + other.expirations);
    }
}
