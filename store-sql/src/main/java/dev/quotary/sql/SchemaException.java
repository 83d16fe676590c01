package dev.quotary.sql;

import java.sql.SQLException;

/** The database cannot be brought to the schema that this program knows. */
final class SchemaException extends SQLException {
    private static final long serialVersionUID = 1L;

    SchemaException(String why) {
        super(why);
    }
}
