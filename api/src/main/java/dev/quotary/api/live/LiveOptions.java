package dev.quotary.api.live;

import java.time.Duration;

/**
 * How much is kept, and for whom.
 *
 * @param itemsMax kept of an organization, so that readers can go on where they were
 * @param bytesMax of these
 * @param streamsMax open at once
 * @param streamsPerOrganizationMax of these for one organization
 * @param streamsPerSubjectMax of these for one subject
 * @param heartbeat how often a stream says that it lives, so that nothing in between takes it for dead
 */
public record LiveOptions(
        int itemsMax,
        long bytesMax,
        int streamsMax,
        int streamsPerOrganizationMax,
        int streamsPerSubjectMax,
        Duration heartbeat) {
    public static final LiveOptions DEFAULT = new LiveOptions(4_096, 2L << 20, 2_000, 500, 16, Duration.ofSeconds(15));
}
