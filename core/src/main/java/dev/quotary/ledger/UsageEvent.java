package dev.quotary.ledger;

import dev.quotary.call.Call;
import dev.quotary.call.EventId;
import java.time.Instant;

/**
 * One durable record of use. Never changed once recorded; a correction is another event.
 *
 * @param time when the call was admitted, or the time its reporter gave; decides the windows it is charged to
 * @param metadata the caller's own JSON object, as text; empty for none
 * @param fingerprint of everything the reporter said; tells a repeat from another event under the same id
 */
public record UsageEvent(
        EventId id, Instant time, Call call, Metered metered, Result result, String metadata, long fingerprint) {}
