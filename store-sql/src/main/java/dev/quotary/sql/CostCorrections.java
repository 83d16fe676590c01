package dev.quotary.sql;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Correction;
import dev.quotary.ledger.Corrections.Place;
import dev.quotary.ledger.Corrections.Query;
import dev.quotary.ledger.Corrections.Recorded;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.meter.Amounts;
import dev.quotary.money.Money;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table of corrected costs, and the events that may be corrected. */
final class CostCorrections {
    private static final String INSERT = """
            INSERT INTO cost_correction (organization, event, number, time, actor, reason, cost_before, cost, price, fees, parts, costing)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";
    private static final String NUMBER =
            "SELECT coalesce(max(number), 0) FROM cost_correction WHERE organization = ? AND event = ?";
    private static final String OF_EVENT = """
            SELECT c.time, c.actor, c.reason, c.cost_before, c.cost, c.fees, c.parts, c.costing,
                c.price, p.price_row, p.tier, p.price_tier, p.long_context, p.unit_prices
            FROM cost_correction c LEFT JOIN applied_price p ON p.id = c.price
            WHERE c.organization = ? AND c.event = ? ORDER BY c.number""";
    private static final String COST =
            "SELECT coalesce(corrected_cost, cost) FROM usage_event WHERE organization = ? AND id = ?";
    private static final String SET_COST =
            "UPDATE usage_event SET corrected_cost = ? WHERE organization = ? AND id = ?";
    /** By the index on organization and time; what does not match is passed over. */
    private static final String EVENTS = "SELECT " + EventRow.COLUMNS + """
            , e.number, e.corrected_cost
            FROM usage_event e LEFT JOIN applied_price p ON p.id = e.price
            WHERE e.organization = ? AND e.time >= ? AND e.time < ? AND (e.time > ? OR (e.time = ? AND e.number > ?))
                AND (CAST(? AS TEXT) IS NULL OR e.provider = ?)
                AND (CAST(? AS TEXT) IS NULL OR e.model = ? OR (CAST(? AS TEXT) IS NOT NULL AND substr(e.model, 1, length(?)) = ?))
            ORDER BY e.time, e.number LIMIT ?""";

    private CostCorrections() {}

    /** What an event costs now, in picodollars; null if there is no such event. */
    static @Nullable Long cost(Session session, OrganizationKey organization, EventId event) throws SQLException {
        session.fill(COST).text(organization.value()).id(event);
        try (var row = session.prepared(COST).executeQuery()) {
            return row.next() ? row.getLong(1) : null;
        }
    }

    /** @param price the number of the applied price; null for none */
    static void append(Session session, Correction correction, @Nullable Long price) throws SQLException {
        var after = correction.after();
        long cost = after.amounts().cost().picos();
        long number = number(session, correction) + 1;
        session.fill(INSERT)
                .text(correction.organization().value())
                .id(correction.event())
                .number(number)
                .number(Micros.of(correction.at()))
                .text(correction.by())
                .text(correction.reason())
                .number(correction.before().picos())
                .number(cost)
                .numberOrNull(price)
                .text(MoreUsage.text(after.tokens()))
                .text(Parts.text(after.parts()))
                .text(Costs.text(after.facts(), after.receipt().isPresent()));
        session.prepared(INSERT).executeUpdate();
        session.fill(SET_COST)
                .number(cost)
                .text(correction.organization().value())
                .id(correction.event());
        session.prepared(SET_COST).executeUpdate();
    }

    private static long number(Session session, Correction correction) throws SQLException {
        session.fill(NUMBER).text(correction.organization().value()).id(correction.event());
        try (var row = session.prepared(NUMBER).executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** The corrections of an event, in their order. */
    static List<Correction> of(Session session, UsageEvent event) throws SQLException {
        var organization = event.call().organization();
        session.fill(OF_EVENT).text(organization.value()).id(event.id());
        var corrections = new ArrayList<Correction>();
        try (var rows = session.prepared(OF_EVENT).executeQuery()) {
            while (rows.next()) {
                corrections.add(read(new Columns(rows), event));
            }
        }
        return corrections;
    }

    private static Correction read(Columns columns, UsageEvent event) throws SQLException {
        var at = Micros.instant(columns.number());
        var by = columns.text();
        var reason = columns.text();
        var before = new Money(columns.number());
        var cost = new Money(columns.number());
        var metered = event.metered();
        var tokens = MoreUsage.add(MoreUsage.ofColumns(metered.tokens()), columns.textOrNull());
        var parts = Parts.parse(columns.textOrNull());
        var costing = columns.textOrNull();
        var price = AppliedPrice.readOrNull(columns);
        var after = new Metered(
                new Amounts(metered.amounts().quantities(), cost),
                tokens,
                Optional.ofNullable(price).map(applied -> applied.receipt(tokens)),
                metered.evidence(),
                parts,
                Costs.parse(costing, price));
        return new Correction(event.call().organization(), event.id(), at, by, reason, before, after, Set.of());
    }

    static List<Recorded> events(Session session, Query query) throws SQLException {
        fill(session, query);
        var found = new ArrayList<Recorded>();
        var corrected = new ArrayList<Boolean>();
        try (var rows = session.prepared(EVENTS).executeQuery()) {
            while (rows.next()) {
                var columns = new Columns(rows);
                var event = EventRow.read(columns);
                var place = new Place(event.time(), columns.number());
                found.add(new Recorded(place, event, event.metered()));
                corrected.add(columns.numberOrNull() != null);
            }
        }
        for (int i = 0; i < found.size(); i++) {
            if (corrected.get(i)) {
                var each = found.get(i);
                found.set(
                        i,
                        new Recorded(
                                each.place(),
                                each.event(),
                                of(session, each.event()).getLast().after()));
            }
        }
        return found;
    }

    private static void fill(Session session, Query query) throws SQLException {
        long after = Micros.of(query.after().time());
        var model = query.model().orElse(null);
        var prefix = model != null && model.endsWith("*") ? model.substring(0, model.length() - 1) : null;
        session.fill(EVENTS)
                .text(query.organization().value())
                .number(Math.max(Micros.of(query.from()), after))
                .number(Micros.of(query.until()))
                .number(after)
                .number(after)
                .number(query.after().number())
                .text(query.provider().orElse(null))
                .text(query.provider().orElse(null))
                .text(model)
                .text(model)
                .text(prefix)
                .text(prefix)
                .text(prefix)
                .number(query.count());
    }
}
