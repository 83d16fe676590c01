package dev.quotary.catalog;

import dev.quotary.limit.LimitKey;
import dev.quotary.limit.Maximum;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change of one limit for one subject, or for a whole organization.
 *
 * @param until when it ends; null for never
 * @param reason why, for people
 */
public record LimitOverride(
        LimitKey limit,
        Maximum maximum,
        @Nullable Instant until,
        @Nullable String reason) {
    public boolean active(Instant now) {
        return until == null || now.isBefore(until);
    }
}
