package dev.quotary.queue;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes when told. For one thread. */
final class HandAlarms implements Alarms {
    private final PriorityQueue<Set> set =
            new PriorityQueue<>(Comparator.comparingLong(Set::at).thenComparingLong(Set::number));
    private long now;
    private long count;

    private record Set(long at, long number, Runnable ring) {}

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public Alarm set(Duration delay, Runnable ring) {
        var alarm = new Set(now + delay.toNanos(), count++, ring);
        set.add(alarm);
        return () -> set.remove(alarm);
    }

    /** How many are set and have not rung. */
    int pending() {
        return set.size();
    }

    /**
     * Lets time pass; alarms ring at their moments.
     *
     * @param rung called after each of them
     */
    void pass(Duration time, Runnable rung) {
        long until = now + time.toNanos();
        for (var next = set.peek(); next != null && next.at() <= until; next = set.peek()) {
            set.remove(next);
            now = next.at();
            next.ring().run();
            rung.run();
        }
        now = until;
    }
}
