package dev.quotary.limit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a counter beyond its two numbers.
 *
 * @param before used and held together in the window before; asked for where {@link CounterKey#previous} names that one, else 0
 * @param exceededAt when the first call passed beyond a maximum with grace in this window; null where none did
 * @param freesAt when the oldest use or hold that counts will have left a sliding window; null for other windows, and where none counts
 */
public record Past(
        long before, @Nullable Instant exceededAt, @Nullable Instant freesAt) {
    public static final Past NONE = new Past(0, null, null);
}
