package dev.quotary.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that moves only when told. Safe for use by several threads: a reader sees the last move that returned. */
public final class FakeClock implements InstantSource {
    private final AtomicReference<Instant> now;

    /** A clock at the start of 2026 in UTC, which is also the start of a day, a month and a year. */
    public FakeClock() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** A clock at the given instant. */
    public FakeClock(Instant start) {
        now = new AtomicReference<>(start);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /** Moves by a duration; a negative one moves back, as a corrected machine clock does. */
    public void advance(Duration by) {
        now.updateAndGet(instant -> instant.plus(by));
    }

    /** Moves to an instant, forward or back. */
    public void set(Instant to) {
        now.set(to);
    }
}
