package dev.quotary.sync;

import dev.quotary.call.KeyId;
import java.time.Instant;

/**
 * What was accepted.
 *
 * @param sender the API key that sent it, which its events are recorded with
 * @param records how many there are in it
 * @param fingerprint tells its content from other content under the same id
 * @param acceptedAt the time of events that name none
 */
public record Batch(KeyId sender, int records, long fingerprint, Instant acceptedAt) {
    public Batch {
        if (records < 1) {
            throw new IllegalArgumentException("expected a batch of 1 record or more, was " + records);
        }
    }
}
