package dev.quotary.testkit;

import dev.quotary.queue.Alarms;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes when told, together with a clock. For one thread. */
public final class FakeAlarms implements Alarms {
    private final PriorityQueue<Ringing> ringing =
            new PriorityQueue<>(Comparator.comparingLong(Ringing::at).thenComparingLong(Ringing::number));
    private final FakeClock clock;
    private long now;
    private long count;

    private record Ringing(long at, long number, Runnable ring) {}

    public FakeAlarms(FakeClock clock) {
        this.clock = clock;
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public Alarm set(Duration delay, Runnable ring) {
        var alarm = new Ringing(now + delay.toNanos(), count++, ring);
        ringing.add(alarm);
        return () -> ringing.remove(alarm);
    }

    /** How many are set and have not rung. */
    public int pending() {
        return ringing.size();
    }

    /**
     * Lets time pass, on the clock too; alarms ring at their moments.
     *
     * @param rung called after each of them
     */
    public void pass(Duration time, Runnable rung) {
        long until = now + time.toNanos();
        for (var next = ringing.peek(); next != null && next.at() <= until; next = ringing.peek()) {
            ringing.remove(next);
            advance(next.at());
            next.ring().run();
            rung.run();
        }
        advance(until);
    }

    private void advance(long to) {
        clock.advance(Duration.ofNanos(to - now));
        now = to;
    }
}
