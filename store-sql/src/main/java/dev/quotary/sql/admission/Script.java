package dev.quotary.sql.admission;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Several statements that go to the database in one round trip, with their parameters in order.
 *
 * <p>Each of them sees what was committed before it began, which is how a statement behind a lock sees what the former owner of the lock
 * did. Only a handful of combinations occur, so that each is prepared once.
 */
final class Script {
    private final List<String> statements = new ArrayList<>();
    private final List<Object> parameters = new ArrayList<>();

    /** @param values arrays of text, bytes or numbers, or single values */
    Script add(String statement, Object... values) {
        statements.add(statement);
        parameters.addAll(List.of(values));
        return this;
    }

    boolean empty() {
        return statements.isEmpty();
    }

    /** Sends it; the results are to be taken in order, by {@link PreparedStatement#getResultSet} and {@code getMoreResults}. */
    PreparedStatement send(Prepared prepared) throws SQLException {
        var statement = prepared.of(Texts.together(statements));
        for (int i = 0; i < parameters.size(); i++) {
            bind(statement, i + 1, parameters.get(i));
        }
        statement.execute();
        return statement;
    }

    private static void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        switch (value) {
            case String[] texts ->
                statement.setArray(index, statement.getConnection().createArrayOf("text", texts));
            case byte[][] bytes ->
                statement.setArray(index, statement.getConnection().createArrayOf("bytea", bytes));
            case Long[] numbers ->
                statement.setArray(index, statement.getConnection().createArrayOf("int8", numbers));
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setInt(index, number);
            case String text -> statement.setString(index, text);
            default -> throw new IllegalArgumentException("cannot bind " + value.getClass());
        }
    }

    /** The statements of a connection, prepared once each. */
    static final class Prepared {
        private final Connection connection;
        private final Map<String, PreparedStatement> statements = new HashMap<>();

        Prepared(Connection connection) {
            this.connection = connection;
        }

        PreparedStatement of(String text) throws SQLException {
            var known = statements.get(text);
            if (known == null) {
                known = connection.prepareStatement(text);
                statements.put(text, known);
            }
            return known;
        }
    }
}
