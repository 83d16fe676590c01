package dev.quotary.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings the schema of a database up to date, one numbered script after the other, each in its own transaction.
 *
 * <p>The version lies in the file's header ({@code user_version}), whose change is part of the transaction, and beside it the mark that
 * this file is ours. A script that has been released is never changed.
 */
final class Migrations {
    /** "QUOT". */
    static final int APPLICATION_ID = 0x51554f54;

    private static final List<String> SCRIPTS = List.of(
            "V1__ledger.sql",
            "V2__counted_since.sql",
            "V3__counter_entries.sql",
            "V4__fees_and_parts.sql",
            "V5__costing.sql",
            "V6__cost_correction.sql",
            "V7__key_use.sql",
            "V8__audit_log.sql",
            "V9__subject_move.sql",
            "V10__queue_wait.sql",
            "V11__coarse_rollups.sql",
            "V12__meters.sql",
            "V13__usage_sync.sql");

    private Migrations() {}

    /**
     * @param connection without auto-commit
     * @throws SchemaException if the file is another program's, or of a newer version of this one
     */
    static void run(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            long version = number(statement, "PRAGMA user_version");
            long application = number(statement, "PRAGMA application_id");
            if (application != APPLICATION_ID && !empty(statement)) {
                throw new SchemaException("the file is the database of another program");
            }
            if (version > SCRIPTS.size()) {
                throw new SchemaException("the file has schema version " + version
                        + " of a newer Quotary; this one knows versions up to " + SCRIPTS.size());
            }
            for (int next = (int) version; next < SCRIPTS.size(); next++) {
                apply(statement, next);
                connection.commit();
            }
            connection.commit();
        }
    }

    /**
     * Checks the schema of a database that must not be changed.
     *
     * @throws SchemaException if it is not exactly that of this program
     */
    static void check(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (number(statement, "PRAGMA application_id") != APPLICATION_ID) {
                throw new SchemaException("the file is not the database of a Quotary");
            }
            long version = number(statement, "PRAGMA user_version");
            if (version != SCRIPTS.size()) {
                throw new SchemaException("the file has schema version " + version + ", this program needs "
                        + SCRIPTS.size() + "; a start of the server brings an older one up to date");
            }
        }
    }

    private static boolean empty(Statement statement) throws SQLException {
        return number(statement, "SELECT count(*) FROM sqlite_master") == 0;
    }

    private static void apply(Statement statement, int index) throws SQLException {
        Scripts.run(statement, SCRIPTS.get(index));
        statement.execute("PRAGMA application_id = " + APPLICATION_ID);
        statement.execute("PRAGMA user_version = " + (index + 1));
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (var row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
