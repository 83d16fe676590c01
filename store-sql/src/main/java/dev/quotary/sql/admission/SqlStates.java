package dev.quotary.sql.admission;

import java.sql.SQLException;

/** What PostgreSQL's error codes mean to a transaction. */
final class SqlStates {
    private static final String SERIALIZATION_FAILURE = "40001";
    private static final String DEADLOCK_DETECTED = "40P01";
    /** Two transactions inserted a row of the same key: the one that waited for the other begins again. */
    private static final String UNIQUE_VIOLATION = "23505";

    private static final String CONNECTION_CLASS = "08";
    private static final String IDLE_IN_TRANSACTION = "25P03";

    private SqlStates() {}

    /**
     * Whether the database ended the session because it heard nothing for too long in the middle of a transaction, as when this process
     * stands still. It had not been asked to commit then, so nothing took effect; on another session it may be repeated.
     */
    static boolean stoodStill(SQLException e) {
        return IDLE_IN_TRANSACTION.equals(e.getSQLState());
    }

    /** Whether the connection broke, so that nobody knows what became of its transaction. */
    static boolean connectionLost(SQLException e) {
        var state = e.getSQLState();
        return state != null && state.startsWith(CONNECTION_CLASS);
    }

    /** Whether the database gave a transaction up for another's sake: nothing of it took effect, and it may be repeated. */
    static boolean givenUp(SQLException e) {
        var state = e.getSQLState();
        return SERIALIZATION_FAILURE.equals(state) || DEADLOCK_DETECTED.equals(state) || UNIQUE_VIOLATION.equals(state);
    }
}
