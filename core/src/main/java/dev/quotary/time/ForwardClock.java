package dev.quotary.time;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that never goes back: while the machine's clock is set back, it stands still.
 *
 * <p>Otherwise a step back over midnight would open yesterday's windows again, whose counters may be gone. Safe for many threads.
 */
public final class ForwardClock implements InstantSource {
    private final InstantSource source;
    private final AtomicReference<Instant> latest = new AtomicReference<>(Instant.MIN);

    public ForwardClock(InstantSource source) {
        this.source = source;
    }

    @Override
    public Instant instant() {
        var now = source.instant();
        var seen = latest.get();
        while (now.isAfter(seen)) {
            if (latest.compareAndSet(seen, now)) {
                return now;
            }
            seen = latest.get();
        }
        return seen;
    }
}
