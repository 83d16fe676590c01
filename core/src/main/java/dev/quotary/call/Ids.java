package dev.quotary.call;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Makes new ids that sort by time: the form of UUID version 7 (RFC 9562), milliseconds in front, so that an index grows at its end.
 * Within one instance no two ids are equal and each is greater than the one before. Safe for many threads.
 */
public final class Ids {
    private static final int COUNTER_BITS = 12;
    private static final int MILLIS_SHIFT = 16;
    private static final int DRAWN = 32;

    private final InstantSource clock;
    private final RandomGenerator random;
    /** Milliseconds and a 12-bit counter of the latest id; the counter spills into the milliseconds when it overflows. */
    private final AtomicLong latest = new AtomicLong();

    /** Random numbers drawn ahead: a secure source takes nearly as long for one as for many, and lets one thread in at a time. */
    private final long[] drawn = new long[DRAWN];

    private int drawnLeft;

    /** @param random unpredictable in production: ids are shown to callers, who should not guess those of others */
    public Ids(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    public ReservationId next() {
        long now = clock.millis() << COUNTER_BITS;
        long stamp = latest.accumulateAndGet(now, (before, at) -> Math.max(before + 1, at));
        long high = (stamp >>> COUNTER_BITS << MILLIS_SHIFT) | 0x7000L | (stamp & 0xfffL);
        long low = (draw() >>> 2) | Long.MIN_VALUE;
        return new ReservationId(high, low);
    }

    private synchronized long draw() {
        if (drawnLeft == 0) {
            byte[] bytes = new byte[DRAWN * Long.BYTES];
            random.nextBytes(bytes);
            ByteBuffer.wrap(bytes).asLongBuffer().get(drawn);
            drawnLeft = DRAWN;
        }
        drawnLeft--;
        return drawn[drawnLeft];
    }

    /** The smallest {@link EventId#high} of what is made at this moment or later. */
    public static long highAt(Instant moment) {
        return moment.toEpochMilli() << MILLIS_SHIFT;
    }

    /** Whether an id has the form of those made here. Of ids that are digests of names, one in 64 has it by chance. */
    public static boolean formed(EventId id) {
        return (id.high() & 0xf000L) == 0x7000L && id.low() >>> 62 == 0b10;
    }
}
