package dev.quotary.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * How a PostgreSQL database is connected to. Every wait has an end: for the connection, for a statement on the server, and, a little longer,
 * for its answer here.
 */
final class PostgresSessions {
    private static final int CONNECT_SECONDS_MAX = 5;
    private static final int LOGIN_SECONDS_MAX = 10;
    /** How much longer an answer is waited for than the server works on it at most. */
    private static final int ANSWER_SECONDS = 10;

    private static final int WRITE_SECONDS_MAX = 30;
    private static final int READ_SECONDS_MAX = 60;
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
            return new Session(connection, Dialect.POSTGRES);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private Connection connect(int secondsMax) throws SQLException {
        var properties = url.properties();
        properties.setProperty("ApplicationName", "quotary");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS_MAX));
        properties.setProperty("loginTimeout", String.valueOf(LOGIN_SECONDS_MAX));
        properties.setProperty("socketTimeout", String.valueOf(secondsMax + ANSWER_SECONDS));
        properties.setProperty("tcpKeepAlive", "true");
        var connection = DriverManager.getConnection(url.jdbcUrl(), properties);
        try (var statement = connection.createStatement()) {
            statement.execute(SET_UP + " '" + secondsMax + "s'");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
