package dev.quotary.sql;

import dev.quotary.call.EventId;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** Fills the parameters of a statement one after the other. */
public final class Parameters implements Row {
    private final PreparedStatement statement;
    private int index;

    public Parameters(PreparedStatement statement) {
        this.statement = statement;
    }

    @Override
    public Parameters text(@Nullable String value) throws SQLException {
        statement.setString(++index, StorableText.ofNullable(value));
        return this;
    }

    @Override
    public Parameters number(long value) throws SQLException {
        statement.setLong(++index, value);
        return this;
    }

    @Override
    public Parameters numberOrNull(@Nullable Long value) throws SQLException {
        if (value == null) {
            statement.setNull(++index, Types.BIGINT);
            return this;
        }
        return number(value);
    }

    @Override
    public Parameters bytes(byte[] value) throws SQLException {
        statement.setBytes(++index, value);
        return this;
    }

    @Override
    public Parameters id(EventId id) throws SQLException {
        return bytes(Row.bytes(id));
    }
}
