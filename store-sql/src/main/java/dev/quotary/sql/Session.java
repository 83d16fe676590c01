package dev.quotary.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A connection that keeps its prepared statements. For one thread at a time. */
public final class Session implements AutoCloseable {
    /** How many rows are fetched at a time where there may be many. */
    static final int ROWS_PER_FETCH = 1_000;

    private final Connection connection;
    private final Dialect dialect;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private boolean inPieces;

    Session(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    public Connection connection() {
        return connection;
    }

    public Dialect dialect() {
        return dialect;
    }

    /** From now on large answers are fetched in pieces instead of being kept as a whole; within a transaction only. */
    void fetchInPieces() {
        inPieces = true;
    }

    /** The statement of a text, prepared once; only for texts that are constants. */
    public PreparedStatement prepared(String sql) throws SQLException {
        var known = statements.get(sql);
        if (known != null) {
            return known;
        }
        var statement = connection.prepareStatement(sql);
        if (inPieces) {
            statement.setFetchSize(ROWS_PER_FETCH);
        }
        statements.put(sql, statement);
        return statement;
    }

    /** Starts to fill the statement of a text. */
    public Parameters fill(String sql) throws SQLException {
        return new Parameters(prepared(sql));
    }

    /** Hands the rows of a filled statement out one by one, however many there are. */
    void stream(String sql, RowReader reader) throws SQLException {
        var statement = prepared(sql);
        // PostgreSQL's driver fetches in pieces within a transaction only; otherwise it fetches everything first.
        boolean alone = connection.getAutoCommit();
        connection.setAutoCommit(false);
        statement.setFetchSize(ROWS_PER_FETCH);
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                reader.read(new Columns(rows));
            }
        } finally {
            connection.setAutoCommit(alone);
        }
    }

    /** Takes one row. */
    interface RowReader {
        void read(Columns columns) throws SQLException;
    }

    /** Starts to write rows. */
    Rows rows(Insert insert) throws SQLException {
        return dialect.rows(this, insert);
    }

    /** @throws CommitException if it is not known whether the transaction took effect */
    void commit() throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new CommitException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
