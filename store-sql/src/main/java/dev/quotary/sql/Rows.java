package dev.quotary.sql;

import java.sql.SQLException;

/** Rows that go through one {@link Insert}. */
interface Rows extends Row {
    /** The row is complete. */
    void end() throws SQLException;

    /** All rows are complete: what is not written yet is written now, in their order. */
    void write() throws SQLException;
}
