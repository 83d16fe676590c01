package dev.quotary.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers rows by column and sends all of them with one statement, where every statement costs a round trip. */
final class ArrayRows implements Rows {
    private final Session session;
    private final Insert insert;
    private final List<List<@Nullable Object>> columns;
    private int column;

    ArrayRows(Session session, Insert insert) {
        this.session = session;
        this.insert = insert;
        this.columns = new ArrayList<>(insert.columns().size());
        insert.columns().forEach(_ -> columns.add(new ArrayList<>()));
    }

    @Override
    public Row text(@Nullable String value) {
        return add(StorableText.ofNullable(value));
    }

    @Override
    public Row number(long value) {
        return add(value);
    }

    @Override
    public Row numberOrNull(@Nullable Long value) {
        return add(value);
    }

    @Override
    public Row bytes(byte[] value) {
        return add(value);
    }

    private Row add(@Nullable Object value) {
        columns.get(column++).add(value);
        return this;
    }

    @Override
    public void end() {
        if (column != columns.size()) {
            throw new IllegalStateException("expected " + columns.size() + " columns, was " + column);
        }
        column = 0;
    }

    @Override
    public void write() throws SQLException {
        if (!columns.getFirst().isEmpty()) {
            var statement = session.prepared(insert.ofArrays());
            fill(statement);
            statement.executeUpdate();
            columns.forEach(List::clear);
        }
    }

    /** Writes rows that must all be new as far as the caller knows, and returns how many were. */
    int writeCounting() throws SQLException {
        var statement = session.prepared(insert.ofArrays());
        fill(statement);
        int written = statement.executeUpdate();
        columns.forEach(List::clear);
        return written;
    }

    private void fill(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            statement.setObject(i + 1, array(insert.columns().get(i).type(), columns.get(i)));
        }
    }

    private static Object array(Insert.Type type, List<@Nullable Object> values) {
        return switch (type) {
            case TEXT -> values.toArray(new @Nullable String[0]);
            case NUMBER -> numbers(values);
            case BYTES -> values.toArray(new byte[0][]);
        };
    }

    /** Primitive where it can be, which the driver writes several times as fast. */
    private static Object numbers(List<@Nullable Object> values) {
        var numbers = new long[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(values.get(i) instanceof Long number)) {
                return values.toArray(new @Nullable Long[0]);
            }
            numbers[i] = number;
        }
        return numbers;
    }
}
