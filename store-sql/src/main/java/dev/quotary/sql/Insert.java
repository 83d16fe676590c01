package dev.quotary.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An INSERT with its columns, said once and written in the form that suits a database: {@link #ofOneRow} or {@link #ofArrays}.
 *
 * @param conflict what to do where there is such a row already: an ON CONFLICT clause, which both databases read the same way
 */
record Insert(String table, List<Column> columns, String conflict) {
    enum Type {
        TEXT("text"),
        NUMBER("bigint"),
        BYTES("bytea");

        private final String element;

        Type(String element) {
            this.element = element;
        }
    }

    record Column(String name, Type type) {}

    Insert {
        columns = List.copyOf(columns);
    }

    static Insert into(String table) {
        return new Insert(table, List.of(), "");
    }

    Insert texts(String... names) {
        return with(Type.TEXT, List.of(names));
    }

    Insert numbers(String... names) {
        return with(Type.NUMBER, List.of(names));
    }

    Insert bytes(String... names) {
        return with(Type.BYTES, List.of(names));
    }

    Insert onConflict(String clause) {
        return new Insert(table, columns, " ON CONFLICT " + clause);
    }

    private Insert with(Type type, List<String> names) {
        var more = new ArrayList<>(columns);
        names.forEach(name -> more.add(new Column(name, type)));
        return new Insert(table, more, conflict);
    }

    /** One row: a parameter per column. */
    String ofOneRow() {
        return start() + "VALUES (" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")" + conflict;
    }

    /** Any number of rows: a parameter per column, which is an array of its values. */
    String ofArrays() {
        return start() + "SELECT * FROM unnest("
                + columns.stream()
                        .map(column -> "?::" + column.type().element + "[]")
                        .collect(Collectors.joining(", "))
                + ")" + conflict;
    }

    private String start() {
        return "INSERT INTO " + table + " ("
                + columns.stream().map(Column::name).collect(Collectors.joining(", ")) + ") ";
    }
}
