package dev.quotary.sql;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.UsageEvent;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The table of usage events within one transaction: first everything that may be stored is {@linkplain #expect announced}, then it is
 * {@linkplain #begin begun}, then events are inserted in the order of the ledger.
 */
interface Events {
    /** A draft that may be inserted. */
    default void expect(Draft draft) {}

    /** An organization whose sums will be read and written. */
    default void expect(OrganizationKey organization) {}

    /** A price that will be asked for beside those of drafts. */
    default void expect(AppliedPrice price) {}

    /** Everything has been announced. From here on nobody else changes anything of these organizations. */
    default void begin() throws SQLException {}

    /** Stores an event; false if its organization has one of that id already. */
    boolean insert(Draft draft) throws SQLException;

    /** Takes back an {@link #insert} of the same transaction. */
    void delete(OrganizationKey organization, EventId id) throws SQLException;

    /** The event that a draft could not be stored beside. */
    UsageEvent stored(Draft draft) throws SQLException;

    /** What was inserted is there for every later statement. */
    default void flush() throws SQLException {}

    /** Whether an event is stored; costs a tenth of {@link #find}. */
    static boolean has(Session session, EventKey key) throws SQLException {
        var sql = "SELECT 1 FROM usage_event WHERE organization = ? AND id = ?";
        session.fill(sql).text(key.organization().value()).id(key.id());
        try (var row = session.prepared(sql).executeQuery()) {
            return row.next();
        }
    }

    static Optional<UsageEvent> find(Session session, OrganizationKey organization, EventId id) throws SQLException {
        session.fill(EventRow.SELECT_BY_ID).text(organization.value()).id(id);
        try (var row = session.prepared(EventRow.SELECT_BY_ID).executeQuery()) {
            return row.next() ? Optional.of(EventRow.read(new Columns(row))) : Optional.empty();
        }
    }
}
