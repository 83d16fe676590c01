package dev.quotary.sql.admission;

/** The statements of group admission. Arrays go in, so that one round trip serves a whole group. */
final class Texts {
    /**
     * Locks organizations in the order of their keys. Whoever changes what an organization holds has locked it first and keeps it locked
     * until the end of its transaction; two transactions that lock several of them never wait for each other in a circle.
     */
    static final String LOCK = """
            SELECT organization FROM admission_gate WHERE organization = ANY (?) ORDER BY organization FOR UPDATE""";

    static final String OPEN_GATES = """
            INSERT INTO admission_gate (organization) SELECT unnest(?) ORDER BY 1 ON CONFLICT DO NOTHING""";

    /** The version of the catalog; behind the lock, so that a change that was answered before is seen. */
    static final String DECLARED = "SELECT version FROM catalog_version";

    static final String RESERVATIONS = """
            SELECT r.organization, r.id, r.state, r.body FROM unnest(?, ?) AS asked (organization, id)
            JOIN reservation r ON r.organization = asked.organization AND r.id = asked.id""";

    /** What the ledger has recorded is closed for ever; it needs no row here. */
    static final String RECORDED = """
            SELECT e.organization, e.id FROM unnest(?, ?) AS asked (organization, id)
            JOIN usage_event e ON e.organization = asked.organization AND e.id = asked.id""";

    static final String DUE = """
            SELECT organization, id, state, body FROM reservation
            WHERE organization = ANY (?) AND state = 1 AND expires_second <= ? LIMIT ?""";

    static final String COUNTERS = """
            SELECT asked.number, s.used, h.held, h.exceeded_at
            FROM unnest(?, ?, ?, ?, ?) WITH ORDINALITY
                AS asked (organization, counted, window_start, scope_value, counter, number)
            LEFT JOIN window_sum s ON s.organization = asked.organization AND s.counted = asked.counted
                AND s.window_start = asked.window_start AND s.scope_value = asked.scope_value
            LEFT JOIN counter_held h ON h.organization = asked.organization AND h.counter = asked.counter
                AND h.window_start = asked.window_start""";

    /** The slices of sliding windows, from a start on; what is used and what is held come as rows of their own. */
    static final String SLICES = """
            WITH asked AS MATERIALIZED (SELECT * FROM unnest(?, ?, ?, ?, ?) WITH ORDINALITY
                AS asked (organization, counted, oldest, scope_value, counter, number))
            SELECT asked.number, s.window_start, s.window_end, s.used, NULL::bigint FROM asked
            JOIN window_sum s ON s.organization = asked.organization AND s.counted = asked.counted
                AND s.window_start >= asked.oldest AND s.scope_value = asked.scope_value
            UNION ALL
            SELECT asked.number, h.window_start, h.window_end, NULL::bigint, h.held FROM asked
            JOIN counter_held h ON h.organization = asked.organization AND h.counter = asked.counter
                AND h.window_start >= asked.oldest""";

    static final String NEW_HELD = """
            INSERT INTO counter_held (organization, counted, window_start, scope_value, counter, window_end, held, exceeded_at)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?)""";

    static final String HELD = """
            UPDATE counter_held h SET held = now.held, exceeded_at = now.exceeded_at
            FROM unnest(?, ?, ?, ?, ?) AS now (organization, counter, window_start, held, exceeded_at)
            WHERE h.organization = now.organization AND h.counter = now.counter AND h.window_start = now.window_start""";

    static final String NEW_HOLD = """
            INSERT INTO reservation (organization, id, state, expires_second, keep_second, origin, node, body)
            SELECT organization, id, 1, expires_second, NULL, origin, ?, body
            FROM unnest(?, ?, ?, ?, ?) AS held (organization, id, expires_second, origin, body)""";

    static final String HOLD = """
            UPDATE reservation r SET state = 1, expires_second = held.expires_second, keep_second = NULL, node = ?, body = held.body
            FROM unnest(?, ?, ?, ?, ?) AS held (organization, id, expires_second, origin, body)
            WHERE r.organization = held.organization AND r.id = held.id""";

    static final String END = """
            UPDATE reservation r SET state = ended.state, keep_second = ended.keep_second,
                body = CASE WHEN ended.state = 3 THEN ''::bytea ELSE r.body END
            FROM unnest(?, ?, ?, ?) AS ended (organization, id, state, keep_second)
            WHERE r.organization = ended.organization AND r.id = ended.id""";

    static final String GONE = """
            DELETE FROM reservation r USING unnest(?, ?) AS gone (organization, id)
            WHERE r.organization = gone.organization AND r.id = gone.id""";

    static final String USED = """
            INSERT INTO window_sum (organization, counted, window_start, scope_value, window_end, used)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?)
            ON CONFLICT (organization, counted, window_start, scope_value) DO UPDATE SET used = excluded.used""";

    static final String COMMIT = "COMMIT";

    private Texts() {}

    /** Several statements as one text: the driver sends them in one go. */
    static String together(Iterable<String> statements) {
        return String.join(";\n", statements);
    }
}
