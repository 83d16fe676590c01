package dev.quotary.usage;

import dev.quotary.call.Call;
import dev.quotary.call.ReservationId;
import dev.quotary.limit.Hold;
import dev.quotary.meter.Amounts;
import java.time.Duration;

/**
 * A call that asks to be admitted.
 *
 * @param amounts an upper bound of what it will use
 * @param priced false if its model has no price, so that the cost in {@code amounts} means nothing
 * @param ttl how long the hold lives; {@link #TTL_MIN} to {@link #TTL_MAX}
 * @param fingerprint of what the caller said; see {@link Hold}
 * @param metadata the caller's own JSON object, as text; empty for none
 */
public record Proposal(
        ReservationId id,
        Call call,
        Amounts amounts,
        boolean priced,
        Duration ttl,
        Hold.Origin origin,
        long fingerprint,
        String metadata) {
    public static final Duration TTL_MIN = Duration.ofSeconds(1);
    public static final Duration TTL_MAX = Duration.ofHours(24);
    public static final Duration TTL_DEFAULT = Duration.ofSeconds(60);

    public Proposal {
        checkTtl(ttl);
    }

    /** A call without metadata. */
    public Proposal(
            ReservationId id,
            Call call,
            Amounts amounts,
            boolean priced,
            Duration ttl,
            Hold.Origin origin,
            long fingerprint) {
        this(id, call, amounts, priced, ttl, origin, fingerprint, "");
    }

    static void checkTtl(Duration ttl) {
        if (ttl.compareTo(TTL_MIN) < 0 || ttl.compareTo(TTL_MAX) > 0) {
            throw new IllegalArgumentException("expected ttl_seconds of " + TTL_MIN.toSeconds() + ".."
                    + TTL_MAX.toSeconds() + ", was " + ttl.toSeconds());
        }
    }
}
