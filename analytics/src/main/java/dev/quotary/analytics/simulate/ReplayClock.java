package dev.quotary.analytics.simulate;

import java.time.Instant;
import java.time.InstantSource;

/** Shows the time of the event that is being replayed; never goes back. For one thread. */
final class ReplayClock implements InstantSource {
    private Instant now;

    ReplayClock(Instant start) {
        now = start;
    }

    void at(Instant time) {
        now = time.isAfter(now) ? time : now;
    }

    @Override
    public Instant instant() {
        return now;
    }
}
