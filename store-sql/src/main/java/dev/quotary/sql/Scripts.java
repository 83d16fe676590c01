package dev.quotary.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;

/** Schema scripts out of the program: commands, each of which ends with a semicolon at the end of a line. */
final class Scripts {
    private Scripts() {}

    static void run(Statement statement, String name) throws SQLException {
        for (var command : script(name).split(";\n", -1)) {
            if (!command.isBlank()) {
                statement.execute(command);
            }
        }
    }

    private static String script(String name) {
        try (var in = Scripts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the schema script " + name + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading the schema script " + name, e);
        }
    }
}
