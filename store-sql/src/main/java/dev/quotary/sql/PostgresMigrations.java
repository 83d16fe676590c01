package dev.quotary.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings the schema of a PostgreSQL database up to date, one numbered script after the other, all in one transaction.
 *
 * <p>Several servers may start at once: each locks the one row that holds the version first, and those that waited find nothing left to do.
 * A script that has been released is never changed.
 */
final class PostgresMigrations {
    private static final List<String> SCRIPTS = List.of(
            "postgresql/V1__ledger.sql",
            "postgresql/V2__counter_entries.sql",
            "postgresql/V3__server_lease.sql",
            "postgresql/V4__admission.sql",
            "postgresql/V5__fees_and_parts.sql",
            "postgresql/V6__costing.sql",
            "postgresql/V7__cost_correction.sql",
            "postgresql/V8__key_use.sql",
            "postgresql/V9__audit_log.sql",
            "postgresql/V10__subject_move.sql",
            "postgresql/V11__usage_event_number.sql",
            "postgresql/V12__queue_wait.sql",
            "postgresql/V13__coarse_rollups.sql",
            "postgresql/V14__meters.sql",
            "postgresql/V15__usage_sync.sql");
    private static final String CREATE = """
            CREATE TABLE IF NOT EXISTS quotary_schema (only_row boolean PRIMARY KEY CHECK (only_row), version integer NOT NULL)""";
    private static final String FIRST = "INSERT INTO quotary_schema VALUES (true, 0) ON CONFLICT DO NOTHING";
    private static final String LOCK = "SELECT version FROM quotary_schema FOR UPDATE";
    /** "IF NOT EXISTS" looks before it creates, and may be overtaken in between. */
    private static final List<String> OVERTAKEN = List.of("23505", "42P07", "42710");

    private static final int TRIES_MAX = 10;

    private PostgresMigrations() {}

    /**
     * @param connection without auto-commit
     * @throws SchemaException if the database is of a newer version of this program
     */
    static void run(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            createVersion(connection, statement);
            int version = version(statement);
            if (version > SCRIPTS.size()) {
                throw new SchemaException("the database has schema version " + version
                        + " of a newer Quotary; this one knows versions up to " + SCRIPTS.size());
            }
            for (int next = version; next < SCRIPTS.size(); next++) {
                Scripts.run(statement, SCRIPTS.get(next));
                statement.execute("UPDATE quotary_schema SET version = " + (next + 1));
            }
            connection.commit();
        }
    }

    /**
     * Checks the schema of a database that must not be changed.
     *
     * @param connection in a transaction
     * @throws SchemaException if it is not exactly that of this program
     */
    static void check(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (!exists(statement)) {
                throw new SchemaException("the database is not that of a Quotary");
            }
            try (var row = statement.executeQuery("SELECT version FROM quotary_schema")) {
                int version = row.next() ? row.getInt(1) : 0;
                if (version != SCRIPTS.size()) {
                    throw new SchemaException("the database has schema version " + version + ", this program needs "
                            + SCRIPTS.size() + "; a start of the server brings an older one up to date");
                }
            }
        }
    }

    private static boolean exists(Statement statement) throws SQLException {
        try (var row = statement.executeQuery("SELECT to_regclass('quotary_schema') IS NOT NULL")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static void createVersion(Connection connection, Statement statement) throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                statement.execute(CREATE);
                statement.execute(FIRST);
                connection.commit();
                return;
            } catch (SQLException e) {
                connection.rollback();
                if (tries == TRIES_MAX || !OVERTAKEN.contains(e.getSQLState())) {
                    throw e;
                }
            }
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (var row = statement.executeQuery(LOCK)) {
            if (!row.next()) {
                throw new IllegalStateException("the version of the schema is gone");
            }
            return row.getInt(1);
        }
    }
}
