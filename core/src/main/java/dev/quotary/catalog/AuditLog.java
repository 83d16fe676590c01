package dev.quotary.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Port: reads what {@link CatalogStore#write} noted, and forgets it in time. Safe for concurrent use; blocks. Throws
 * {@link dev.quotary.limit.StoreUnavailableException} if the store does not answer.
 */
public interface AuditLog {
    /** Lines that one query may ask for. */
    int LINES_MAX = 1_000;

    /**
     * A line with its place in the log.
     *
     * @param number grows from line to line
     */
    record Line(long number, AuditEntry entry) {}

    /**
     * Which lines are wanted; every part that is there narrows it.
     *
     * @param organization about whose things; empty text for those of the whole server
     * @param kind what sort of thing was changed
     * @param key of the thing
     * @param actor id of the API key
     * @param from the earliest, inclusive
     * @param until the latest, exclusive
     */
    record Filter(
            Optional<String> organization,
            Optional<String> kind,
            Optional<String> key,
            Optional<String> actor,
            Optional<Instant> from,
            Optional<Instant> until) {
        /** Every line. */
        public static final Filter ALL = new Filter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * The newest lines that a filter lets through, newest first.
     *
     * @param before only lines with a smaller number; empty for the newest of all
     * @param limit 1 to {@link #LINES_MAX}
     */
    List<Line> lines(Filter filter, OptionalLong before, int limit);

    /**
     * Forgets lines from before an instant, the oldest first.
     *
     * @param max lines at most
     * @return how many
     */
    int forget(Instant before, int max);
}
