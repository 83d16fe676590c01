package dev.quotary.limit;

import dev.quotary.call.Call;
import dev.quotary.call.ReservationId;
import dev.quotary.meter.Amounts;
import java.time.Instant;
import java.util.List;

/**
 * A reservation while it is held: amounts on all counters that a call touches.
 *
 * @param amounts what was held, by meter; the charges are these amounts on the counters that applied
 * @param charges at most one per counter
 * @param admittedAt decides the windows that its use is charged to
 * @param expiresAt when it stops counting by itself; whole seconds
 * @param origin who will settle it
 * @param fingerprint of the request; the same id with another fingerprint is refused
 * @param queueWaitMillis how long the call waited for room before it was admitted
 * @param metadata the caller's own JSON object, as text; empty for none. Goes to the usage event unless the commit has its own
 */
public record Hold(
        ReservationId id,
        Call call,
        Amounts amounts,
        List<Charge> charges,
        Instant admittedAt,
        Instant expiresAt,
        Origin origin,
        long fingerprint,
        long queueWaitMillis,
        String metadata) {
    public Hold {
        charges = List.copyOf(charges);
        if (queueWaitMillis < 0) {
            throw new IllegalArgumentException("expected a wait of 0 ms or more, was " + queueWaitMillis);
        }
        if (!expiresAt.equals(Instant.ofEpochSecond(expiresAt.getEpochSecond()))) {
            throw new IllegalArgumentException("a hold expires at a whole second, not at " + expiresAt);
        }
        if (!admittedAt.isBefore(expiresAt)) {
            throw new IllegalArgumentException("a hold expires after it begins: " + admittedAt + " .. " + expiresAt);
        }
    }

    /** A hold of a call that was admitted at once, without metadata. */
    public Hold(
            ReservationId id,
            Call call,
            Amounts amounts,
            List<Charge> charges,
            Instant admittedAt,
            Instant expiresAt,
            Origin origin,
            long fingerprint) {
        this(id, call, amounts, charges, admittedAt, expiresAt, origin, fingerprint, 0, "");
    }

    /** The same reservation with other charges, for the limits of another time. */
    public Hold charged(List<Charge> others) {
        return new Hold(
                id, call, amounts, others, admittedAt, expiresAt, origin, fingerprint, queueWaitMillis, metadata);
    }

    public boolean expired(Instant now) {
        return !now.isBefore(expiresAt);
    }

    /** Who will settle a hold: a client through the API, who outlives a restart, or a gateway call, which ends with the process. */
    public enum Origin {
        API,
        GATEWAY
    }
}
