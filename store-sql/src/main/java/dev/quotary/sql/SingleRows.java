package dev.quotary.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Writes each row by itself, where a statement costs no round trip. */
final class SingleRows implements Rows {
    private final PreparedStatement statement;
    private Parameters row;

    SingleRows(Session session, Insert insert) throws SQLException {
        this.statement = session.prepared(insert.ofOneRow());
        this.row = new Parameters(statement);
    }

    @Override
    public Row text(@Nullable String value) throws SQLException {
        return row.text(value);
    }

    @Override
    public Row number(long value) throws SQLException {
        return row.number(value);
    }

    @Override
    public Row numberOrNull(@Nullable Long value) throws SQLException {
        return row.numberOrNull(value);
    }

    @Override
    public Row bytes(byte[] value) throws SQLException {
        return row.bytes(value);
    }

    @Override
    public void end() throws SQLException {
        statement.executeUpdate();
        row = new Parameters(statement);
    }

    @Override
    public void write() {}
}
