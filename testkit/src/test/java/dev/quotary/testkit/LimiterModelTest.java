package dev.quotary.testkit;

import dev.quotary.limit.Limiter;

/** The model keeps the contract that it judges others by. */
class LimiterModelTest implements LimiterContract {
    @Override
    public Limiter limiter() {
        return new LimiterModel();
    }

    /** It adds up all holds for every answer. */
    @Override
    public int racingReservations() {
        return 2_560;
    }
}
