package dev.quotary.sql;

import dev.quotary.call.EventId;
import dev.quotary.call.Ids;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;

/**
 * Tells of ids made here a moment ago that nothing is stored under them, so that the database need not be asked: it is asked for every
 * call otherwise, and hardly ever knows the id.
 *
 * <p>Ids that {@link Ids} makes begin with the moment at which they were made. Here is known <em>every</em> id of that form between
 * {@link #since} and {@link #until} under which something is stored or may be: those that the database had at the start, and all that
 * were added since. Whoever made an id, and for what, does not matter: of that form, between these bounds, and not here means new. All
 * others are asked for: ids that are digests of names, those of calls that began before the start, and those of calls that took long.
 *
 * <p>Bounded: when there are too many, the older half is forgotten, and the first bound moves behind it. For one thread.
 */
final class RecentIds {
    /** Ids remembered at most, 16 bytes each, in twice as many places. */
    static final int KEPT_MAX = 1 << 16;
    /** What a database may have beyond its start: ids of before the clock was set back, and digests that look like later ids. */
    private static final int STORED_MAX = KEPT_MAX / 2;

    private static final long DAYS_MAX = 1_000;
    private static final int CAPACITY_FIRST = 1 << 10;

    // Organizations are gone through one by one, each by its index: nothing is read but what is answered.
    private static final String STORED = """
            WITH RECURSIVE known (organization) AS (
                SELECT min(organization) FROM usage_event
                UNION ALL
                SELECT (SELECT min(organization) FROM usage_event WHERE organization > known.organization)
                FROM known WHERE known.organization IS NOT NULL)
            SELECT e.id FROM known CROSS JOIN usage_event e
            WHERE e.organization = known.organization AND e.id >= ? AND e.id < ? LIMIT ?""";

    private long since;
    private final long until;
    /** Open addressing; a place is free where the high bits are 0, which no id has that is made after 1970. */
    private long[] highs = new long[CAPACITY_FIRST];

    private long[] lows = new long[CAPACITY_FIRST];
    private int size;

    private RecentIds(long since, long until) {
        this.since = since;
        this.until = until;
    }

    /** Knows of no id that it is new. */
    static RecentIds none() {
        return new RecentIds(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /**
     * Knows of the ids that are made from now on.
     *
     * @param session over a database that nobody else writes events to
     */
    static RecentIds from(Instant now, Session session) throws SQLException {
        var recent = new RecentIds(Ids.highAt(now), Ids.highAt(now.plusSeconds(DAYS_MAX * 24 * 3600)));
        session.fill(STORED)
                .id(new EventId(recent.since, 0))
                .id(new EventId(recent.until, 0))
                .number(STORED_MAX + 1L);
        try (var rows = session.prepared(STORED).executeQuery()) {
            int stored = 0;
            while (rows.next()) {
                recent.add(new Columns(rows).id());
                stored++;
            }
            return stored > STORED_MAX ? none() : recent;
        }
    }

    /** Whether it is certain that nothing is stored under an id. */
    boolean isNew(EventId id) {
        return covers(id) && highs[place(id)] == 0;
    }

    private boolean covers(EventId id) {
        return id.high() >= since && id.high() < until && Ids.formed(id);
    }

    /** Something is stored under this id, or may be in a moment. */
    void add(EventId id) {
        if (!covers(id)) {
            return;
        }
        int place = place(id);
        if (highs[place] != 0) {
            return;
        }
        highs[place] = id.high();
        lows[place] = id.low();
        size++;
        if (size == KEPT_MAX) {
            forget();
        }
        if (2 * size > highs.length) {
            rebuild(2 * highs.length);
        }
    }

    /** Where an id is, or would be. */
    private int place(EventId id) {
        int mask = highs.length - 1;
        long mixed = (id.high() ^ id.low()) * 0x9e3779b97f4a7c15L;
        int place = (int) (mixed >>> 32) & mask;
        while (highs[place] != 0 && (highs[place] != id.high() || lows[place] != id.low())) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private void forget() {
        long[] ordered = Arrays.stream(highs).filter(high -> high != 0).sorted().toArray();
        since = ordered[ordered.length / 2] + 1;
        rebuild(highs.length);
    }

    /** Those that the bounds still cover, in so many places. */
    private void rebuild(int capacity) {
        long[] oldHighs = highs;
        long[] oldLows = lows;
        highs = new long[capacity];
        lows = new long[capacity];
        size = 0;
        for (int i = 0; i < oldHighs.length; i++) {
            if (oldHighs[i] != 0) {
                add(new EventId(oldHighs[i], oldLows[i]));
            }
        }
    }
}
