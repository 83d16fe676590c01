package dev.quotary.sql;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.UsageEvent;
import java.sql.SQLException;

/** The insert itself tells whether an id is new. */
final class SqliteEvents implements Events {
    private static final String INSERT = EventInsert.EVENT.ofOneRow();
    private static final String DELETE = "DELETE FROM usage_event WHERE organization = ? AND id = ?";

    private final Session session;
    private final AppliedPrices prices;

    SqliteEvents(Session session, AppliedPrices prices) {
        this.session = session;
        this.prices = prices;
    }

    @Override
    public boolean insert(Draft draft) throws SQLException {
        var price = draft.price();
        EventInsert.fill(session.fill(INSERT), draft, price == null ? null : prices.id(price));
        return session.prepared(INSERT).executeUpdate() > 0;
    }

    @Override
    public void delete(OrganizationKey organization, EventId id) throws SQLException {
        session.fill(DELETE).text(organization.value()).id(id);
        session.prepared(DELETE).executeUpdate();
    }

    @Override
    public UsageEvent stored(Draft draft) throws SQLException {
        var event = draft.entry().event();
        return Events.find(session, event.call().organization(), event.id())
                .orElseThrow(() -> new IllegalStateException("event " + event.id() + " conflicts with none"));
    }
}
