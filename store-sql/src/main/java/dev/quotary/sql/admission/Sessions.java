package dev.quotary.sql.admission;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections and sets them up. */
record Sessions(PostgresLimiter.ConnectionSource source, String node, Kind kind, PostgresLimiterOptions options)
        implements GroupDispatcher.Opening {

    /**
     * Every statement reaches its rows through an index. Plans made on tables that were empty then would read all of them, so the planner
     * is left no choice, and plans once. A session that goes silent with locks in its hands is ended by the database after 2 s; a server that
     * stands still has two of them, one behind the other, so others wait a little longer than 4 s for a lock.
     */
    private static final String SET_UP = """
            SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
            SET jit = off; SET synchronous_commit = on; SET idle_in_transaction_session_timeout = '2s'; SET lock_timeout = '4500ms';
            SET statement_timeout = '10s'""";

    enum Kind {
        /** Each statement sees what was committed before it. */
        DECIDING(Connection.TRANSACTION_READ_COMMITTED),
        /** All statements of a transaction see one moment. */
        LOOKING(Connection.TRANSACTION_REPEATABLE_READ);

        private final int isolation;

        Kind(int isolation) {
            this.isolation = isolation;
        }
    }

    @Override
    public Connection open() throws SQLException {
        var connection = source.open();
        try {
            connection.setNetworkTimeout(
                    Runnable::run, Math.toIntExact(options.deadline().toMillis() * 2));
            connection.setTransactionIsolation(kind.isolation);
            try (var statement = connection.createStatement()) {
                statement.execute(SET_UP);
            }
            connection.setReadOnly(kind == Kind.LOOKING);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public GroupTransaction transaction(Connection connection) {
        return new GroupTransaction(connection, node);
    }

    @Override
    public int groupMax() {
        return options.groupMax();
    }
}
