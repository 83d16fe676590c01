package dev.quotary.sql;

import dev.quotary.call.EventId;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Reads the columns of a row one after the other: the counterpart of {@link Parameters}. */
public final class Columns {
    private final ResultSet row;
    private int index;

    public Columns(ResultSet row) {
        this.row = row;
    }

    public String text() throws SQLException {
        var text = textOrNull();
        if (text == null) {
            throw new IllegalStateException("expected a text in column " + index + ", was null");
        }
        return text;
    }

    public @Nullable String textOrNull() throws SQLException {
        return StorableText.plainOrNull(row.getString(++index));
    }

    public long number() throws SQLException {
        return row.getLong(++index);
    }

    public @Nullable Long numberOrNull() throws SQLException {
        long number = number();
        return row.wasNull() ? null : number;
    }

    public boolean flag() throws SQLException {
        return number() != 0;
    }

    public EventId id() throws SQLException {
        var bytes = ByteBuffer.wrap(row.getBytes(++index));
        return new EventId(bytes.getLong(), bytes.getLong());
    }
}
