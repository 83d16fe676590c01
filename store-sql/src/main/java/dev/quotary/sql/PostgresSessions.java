package dev.quotary.sql;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * How connections to a PostgreSQL database are set up. Every wait has an end: for a statement on the server, and, a little longer, for its
 * answer here.
 */
final class PostgresSessions {
    /** How much longer an answer is waited for than the server works on it at most. */
    private static final int ANSWER_SECONDS = 5;

    private static final int WRITE_SECONDS_MAX = 30;
    private static final int READ_SECONDS_MAX = 60;
    private static final int LEASE_SECONDS_MAX = 2;
    /** A migration may have to rewrite a large table. */
    private static final int MIGRATE_SECONDS_MAX = 3_600;
    /** One statement of an audit may read all events of an organization. */
    private static final int AUDIT_SECONDS_MAX = 3_600;

    /**
     * An acknowledged commit is on the disk, whatever the server's default is. Every statement of ours reaches its rows through an index:
     * a plan that was made while a table was empty, and kept, would read all of it by the time it is large, so the planner is left no
     * choice. A session that goes silent with locks in its hands is ended by the server.
     */
    private static final String SET_UP = """
            SET synchronous_commit = on; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off;
            SET idle_in_transaction_session_timeout = '30s'; SET timezone = 'UTC'; SET client_min_messages = 'warning';
            SET statement_timeout =""";

    private final PostgresUrl url;

    PostgresSessions(PostgresUrl url) {
        this.url = url;
    }

    /** For the writer, without auto-commit. */
    Session writer() throws SQLException {
        return writing(WRITE_SECONDS_MAX);
    }

    /** For changes of the schema, without auto-commit. */
    Session migrator() throws SQLException {
        return writing(MIGRATE_SECONDS_MAX);
    }

    private Session writing(int secondsMax) throws SQLException {
        var connection = connect(secondsMax);
        try {
            // Each statement sees what was committed before it, so that whoever waited for a lock sees what it waited
            // for.
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(false);
            return new Session(connection, Dialect.POSTGRES);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** For a lease: short statements, each a transaction of its own. */
    Session lease() throws SQLException {
        return new Session(connect(LEASE_SECONDS_MAX), Dialect.POSTGRES);
    }

    /** For a reader: cannot change anything. */
    Session reader() throws SQLException {
        var connection = connect(READ_SECONDS_MAX);
        try {
            connection.setReadOnly(true);
            return new Session(connection, Dialect.POSTGRES);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** For one look over everything there is, or one change of all that is derived; what it reads is of one moment. */
    Session auditor() throws SQLException {
        var connection = connect(AUDIT_SECONDS_MAX);
        try {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            var session = new Session(connection, Dialect.POSTGRES);
            session.fetchInPieces();
            return session;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private Connection connect(int secondsMax) throws SQLException {
        var connection = url.connect(secondsMax + ANSWER_SECONDS);
        try (var statement = connection.createStatement()) {
            statement.execute(SET_UP + " '" + secondsMax + "s'");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
