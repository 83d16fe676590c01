package dev.quotary.sql;

import java.sql.SQLException;

/** A commit was asked for and not confirmed: the transaction may have taken effect or not. */
final class CommitException extends SQLException {
    private static final long serialVersionUID = 1L;

    CommitException(SQLException cause) {
        super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
    }
}
