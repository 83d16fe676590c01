package dev.quotary.ledger;

import dev.quotary.call.Call;
import dev.quotary.call.EventId;
import dev.quotary.meter.Amounts;
import java.time.Instant;
import java.util.Optional;

/**
 * One durable record of use. Never changed once recorded; a correction is another event.
 *
 * @param time when the call was admitted, or the time its reporter gave; decides the windows it is charged to
 * @param estimate what was held for it; empty where it settled no reservation
 * @param metadata the caller's own JSON object, as text; empty for none
 * @param fingerprint of everything the reporter said; tells a repeat from another event under the same id
 * @param origin what its reporter called it; empty where it was not reported as a CloudEvent
 */
public record UsageEvent(
        EventId id,
        Instant time,
        Call call,
        Metered metered,
        Result result,
        Optional<Amounts> estimate,
        String metadata,
        long fingerprint,
        Optional<Origin> origin) {

    /** An event that nobody reported as a CloudEvent. */
    public UsageEvent(
            EventId id,
            Instant time,
            Call call,
            Metered metered,
            Result result,
            Optional<Amounts> estimate,
            String metadata,
            long fingerprint) {
        this(id, time, call, metered, result, estimate, metadata, fingerprint, Optional.empty());
    }

    /** An event that settles no reservation. */
    public UsageEvent(
            EventId id, Instant time, Call call, Metered metered, Result result, String metadata, long fingerprint) {
        this(id, time, call, metered, result, Optional.empty(), metadata, fingerprint);
    }
}
