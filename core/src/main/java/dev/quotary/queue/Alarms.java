package dev.quotary.queue;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Passing time, and a call when some of it has passed. Not a clock: nobody waits longer or shorter because the machine's clock was set.
 */
public interface Alarms {
    /** Where nobody ever waits. */
    Alarms NEVER = new Alarms() {
        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public Alarm set(Duration delay, Runnable ring) {
            throw new IllegalStateException("an alarm where nobody waits");
        }
    };

    /** Nanoseconds since an arbitrary moment; never goes back. */
    long nanos();

    /** Has {@code ring} called once, on any thread, when the delay is over. */
    Alarm set(Duration delay, Runnable ring);

    /** An alarm that was set. */
    @FunctionalInterface
    interface Alarm {
        /** Harmless when it has rung, or is ringing just now. */
        void cancel();
    }

    /**
     * Alarms of the JDK.
     *
     * @param nanos such as {@code System::nanoTime}
     */
    static Alarms of(ScheduledExecutorService scheduler, LongSupplier nanos) {
        return new Alarms() {
            @Override
            public long nanos() {
                return nanos.getAsLong();
            }

            @Override
            public Alarm set(Duration delay, Runnable ring) {
                var task = scheduler.schedule(ring, delay.toNanos(), TimeUnit.NANOSECONDS);
                return () -> task.cancel(false);
            }
        };
    }
}
