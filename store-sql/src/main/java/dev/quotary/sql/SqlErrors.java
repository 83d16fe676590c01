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

    private SqlErrors() {}

    static String reason(Throwable error) {
        if (!(error instanceof SQLException sql)) {
            return "an error of this program, " + error;
        }
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
