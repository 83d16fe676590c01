package dev.quotary.sql;

import java.sql.SQLException;

/** Says what went wrong in words that an operator can act on. */
final class SqlErrors {
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int READ_ONLY = 8;
    private static final int IO_ERROR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANNOT_OPEN = 14;
    private static final int NOT_A_DATABASE = 26;
    /** Result codes carry details in their upper bits. */
    private static final int PRIMARY = 0xff;

    /** PostgreSQL's errors have a state of five characters; SQLite's have none. */
    private static final int STATE_LENGTH = 5;

    private SqlErrors() {}

    static String reason(Throwable error) {
        if (!(error instanceof SQLException sql)) {
            return "an error of this program, " + error;
        }
        var state = sql.getSQLState();
        return state != null && state.length() == STATE_LENGTH ? reason(state, sql) : sqliteReason(sql);
    }

    private static String reason(String state, SQLException sql) {
        return switch (state) {
            case "28P01", "28000" -> "the database refuses the user or the password";
            case "3D000" -> "there is no such database";
            case "42501" -> "the user has no right to do that";
            case "25006" -> "the database may only be read; it is a standby, or set so";
            case "53100" -> "the disk of the database is full";
            case "53300" -> "the database takes no more connections";
            case "57014" -> "the database took too long";
            case "57P01", "57P02", "57P03" -> "the database is stopping or starting";
            default -> connectionLost(sql) ? "the database cannot be reached" : String.valueOf(sql.getMessage());
        };
    }

    /** Whether the database rolled a transaction back for the sake of others: it may succeed if it is repeated. */
    static boolean rolledBack(SQLException error) {
        return "40001".equals(error.getSQLState()) || "40P01".equals(error.getSQLState());
    }

    /** Whether the connection is gone, and what was not committed over it with it. */
    static boolean connectionLost(SQLException error) {
        var state = error.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P0"));
    }

    private static String sqliteReason(SQLException sql) {
        return switch (sql.getErrorCode() & PRIMARY) {
            case BUSY, LOCKED -> "another process is using the file";
            case READ_ONLY -> "the file or its directory may not be written";
            case IO_ERROR -> "the disk failed";
            case CORRUPT -> "the file is damaged";
            case FULL -> "the disk is full";
            case CANNOT_OPEN -> "the file or its directory cannot be opened";
            case NOT_A_DATABASE -> "the file is not a SQLite database";
            default -> String.valueOf(sql.getMessage());
        };
    }
}
