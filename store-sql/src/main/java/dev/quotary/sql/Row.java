package dev.quotary.sql;

import dev.quotary.call.EventId;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The values of one row or one statement, given one after the other, so that nobody counts question marks. */
public interface Row {
    Row text(@Nullable String value) throws SQLException;

    Row number(long value) throws SQLException;

    Row numberOrNull(@Nullable Long value) throws SQLException;

    Row bytes(byte[] value) throws SQLException;

    default Row id(EventId id) throws SQLException {
        return bytes(bytes(id));
    }

    default Row flag(boolean value) throws SQLException {
        return number(value ? 1 : 0);
    }

    /** An id as it is stored: 16 bytes. */
    static byte[] bytes(EventId id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.high())
                .putLong(id.low())
                .array();
    }
}
