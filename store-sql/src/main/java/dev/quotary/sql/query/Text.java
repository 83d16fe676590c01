package dev.quotary.sql.query;

import dev.quotary.sql.Parameters;
import dev.quotary.sql.Session;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A statement that is put together from parts, with the values of its parameters in their order. Names and texts of callers are never part of it. */
final class Text {
    private final StringBuilder sql = new StringBuilder();
    private final List<Fill> fills = new ArrayList<>();

    private interface Fill {
        void into(Parameters parameters) throws SQLException;
    }

    /** More of the statement. */
    Text add(String part) {
        sql.append(part);
        return this;
    }

    /** A parameter. */
    Text value(String text) {
        sql.append('?');
        fills.add(parameters -> parameters.text(text));
        return this;
    }

    /** A parameter. */
    Text value(long number) {
        sql.append('?');
        fills.add(parameters -> parameters.number(number));
        return this;
    }

    /** A part that was written on its own. */
    Text add(Text part) {
        sql.append(part.sql);
        fills.addAll(part.fills);
        return this;
    }

    /** The statement, filled; for the caller to close. */
    PreparedStatement prepare(Session session) throws SQLException {
        var statement = session.connection().prepareStatement(sql.toString());
        var parameters = new Parameters(statement);
        for (var fill : fills) {
            fill.into(parameters);
        }
        return statement;
    }

    @Override
    public String toString() {
        return sql.toString();
    }
}
