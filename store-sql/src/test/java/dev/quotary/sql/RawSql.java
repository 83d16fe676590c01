package dev.quotary.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** What tests see and do beside the code under test. */
final class RawSql {
    private RawSql() {}

    static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    static void execute(Path file, String sql) throws SQLException {
        try (var connection = connect(file);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static long number(Path file, String sql) throws SQLException {
        try (var connection = connect(file);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : -1;
        }
    }
}
