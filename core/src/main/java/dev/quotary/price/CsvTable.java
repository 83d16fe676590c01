package dev.quotary.price;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A table of ours that travels as comma-separated text: the first line names the columns, a field in quotes may hold commas and doubled
 * quotes but no line end. Strict, because a price read from the wrong column is worse than a start that fails.
 *
 * @param rows in the order of the text
 */
record CsvTable(List<Row> rows) {
    /**
     * Reads a resource that lies beside this class.
     *
     * @throws IllegalStateException if it is missing
     */
    static CsvTable ofResource(String name, List<String> columns) {
        try (var in = CsvTable.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing from the jar");
            }
            return parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8), columns);
        } catch (IOException e) {
            throw new UncheckedIOException("reading the resource " + name, e);
        }
    }

    /**
     * Reads text.
     *
     * @param name names the text in errors
     * @param columns the names that the first line must have
     * @throws IllegalArgumentException naming the line, if the text has another form
     */
    static CsvTable parse(String name, String text, List<String> columns) {
        var lines = text.lines().toList();
        var positions = positions(columns);
        var rows = new ArrayList<Row>();
        for (int i = 0; i < lines.size(); i++) {
            var where = name + " line " + (i + 1);
            var fields = fields(where, lines.get(i));
            if (i == 0 ? !fields.equals(columns) : fields.size() != columns.size()) {
                throw new IllegalArgumentException(
                        where + ": expected the " + columns.size() + " fields " + columns + ", got " + fields);
            }
            if (i > 0) {
                rows.add(new Row(where, positions, fields));
            }
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(name + ": expected a line of column names and at least one more");
        }
        return new CsvTable(rows);
    }

    private static Map<String, Integer> positions(List<String> columns) {
        var positions = new HashMap<String, Integer>();
        for (int i = 0; i < columns.size(); i++) {
            positions.put(columns.get(i), i);
        }
        return Map.copyOf(positions);
    }

    private static List<String> fields(String where, String line) {
        var fields = new ArrayList<String>();
        int at = 0;
        while (at <= line.length()) {
            int end = line.startsWith("\"", at) ? quoteEnd(where, line, at) : plainEnd(line, at);
            fields.add(unquoted(where, line.substring(at, end)));
            at = end + 1;
        }
        return fields;
    }

    private static int plainEnd(String line, int start) {
        int comma = line.indexOf(',', start);
        return comma < 0 ? line.length() : comma;
    }

    /** Behind the quote that closes the field, where a comma or the end of the line must follow. */
    private static int quoteEnd(String where, String line, int start) {
        int at = line.indexOf('"', start + 1);
        while (at >= 0 && line.startsWith("\"\"", at)) {
            at = line.indexOf('"', at + 2);
        }
        if (at < 0 || (at + 1 < line.length() && line.charAt(at + 1) != ',')) {
            throw new IllegalArgumentException(
                    where + ": expected a quote and then a comma to close the field at character " + (start + 1));
        }
        return at + 1;
    }

    private static String unquoted(String where, String field) {
        if (field.startsWith("\"")) {
            return field.substring(1, field.length() - 1).replace("\"\"", "\"");
        }
        if (field.indexOf('"') >= 0) {
            throw new IllegalArgumentException(where + ": expected no quote inside of the field " + field);
        }
        return field;
    }

    /**
     * What each line says, in the order of the text.
     *
     * @throws IllegalArgumentException naming the line whose text the reader refuses
     */
    <T> List<T> read(Function<Row, T> reader) {
        return rows.stream().map(row -> read(row, reader)).toList();
    }

    private static <T> T read(Row row, Function<Row, T> reader) {
        try {
            return reader.apply(row);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(row.where + ": " + e.getMessage(), e);
        }
    }

    /** One line by column. */
    record Row(String where, Map<String, Integer> positions, List<String> fields) {
        /** The text of a column; empty where the line has none. */
        String text(String column) {
            return fields.get(positions.getOrDefault(column, -1));
        }

        /**
         * What a column says; empty where the line has no text there.
         *
         * @throws IllegalArgumentException naming the column, if the reader refuses the text
         */
        <T> Optional<T> value(String column, Function<String, T> reader) {
            var text = text(column);
            try {
                return text.isEmpty() ? Optional.empty() : Optional.of(reader.apply(text));
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new IllegalArgumentException("column " + column + ": " + e.getMessage(), e);
            }
        }

        /** What a column says that every line must fill. */
        <T> T required(String column, Function<String, T> reader) {
            return value(column, reader)
                    .orElseThrow(() -> new IllegalArgumentException("column " + column + ": expected a value"));
        }
    }
}
