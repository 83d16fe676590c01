package dev.quotary.sql;

import java.sql.SQLException;
import java.util.concurrent.CompletionStage;

/**
 * Reads of any number of statements that see one moment of a database: at the earliest that of the call, with everything that the ledger
 * has acknowledged by then.
 */
public final class Snapshots {
    private final SqlAccess database;
    private final SqlLedger ledger;

    public Snapshots(SqlDatabase database, SqlLedger ledger) {
        this.database = SqlAccess.of(database);
        this.ledger = ledger;
    }

    /** Reads in a session that cannot change anything. */
    public interface Reading<T> {
        T read(Session session) throws SQLException;
    }

    /** Runs a reading on a thread of its own; the stage fails at once if too many wait. */
    public <T> CompletionStage<T> read(Reading<T> reading) {
        return database.readers().submit(session -> {
            ledger.fold();
            // SQLite's transactions see one moment anyway.
            session.connection().setTransactionIsolation(session.dialect().snapshot());
            session.connection().setAutoCommit(false);
            try {
                return reading.read(session);
            } finally {
                session.connection().rollback();
                session.connection().setAutoCommit(true);
            }
        });
    }
}
