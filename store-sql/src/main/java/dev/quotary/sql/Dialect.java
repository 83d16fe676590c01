package dev.quotary.sql;

import dev.quotary.call.OrganizationKey;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What the two databases do differently once a connection is open. Everything else is said in statements that both understand.
 *
 * <p>How they are connected to and set up is in {@link SqliteFile} and {@link PostgresSessions}, their schemas are in scripts of their own.
 */
public enum Dialect {
    /** One process writes, and a statement is a function call. */
    SQLITE {
        @Override
        Rows rows(Session session, Insert insert) throws SQLException {
            return new SingleRows(session, insert);
        }

        @Override
        Events events(Session session, AppliedPrices prices) {
            return new SqliteEvents(session, prices);
        }

        @Override
        void awaitOthers(Session session, OrganizationKey organization) {
            // The file is ours alone: a connection that was closed does nothing any more.
        }
    },

    /** Several processes write, and a statement is a round trip. */
    POSTGRES {
        @Override
        Rows rows(Session session, Insert insert) {
            return new ArrayRows(session, insert);
        }

        @Override
        Events events(Session session, AppliedPrices prices) {
            return new PostgresEvents(session, prices);
        }

        @Override
        void awaitOthers(Session session, OrganizationKey organization) throws SQLException {
            OrganizationLocks.await(session, organization);
        }
    };

    /** The isolation of a transaction that sees one moment. */
    public int snapshot() {
        return this == SQLITE ? Connection.TRANSACTION_SERIALIZABLE : Connection.TRANSACTION_REPEATABLE_READ;
    }

    abstract Rows rows(Session session, Insert insert) throws SQLException;

    abstract Events events(Session session, AppliedPrices prices);

    /** Waits until no other transaction is writing to an organization, a lost one of ours included. */
    abstract void awaitOthers(Session session, OrganizationKey organization) throws SQLException;
}
