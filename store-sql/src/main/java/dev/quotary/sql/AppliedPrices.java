package dev.quotary.sql;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The dictionary of applied prices, as one session of the writer knows it. */
final class AppliedPrices {
    private static final String INSERT = """
            INSERT INTO applied_price (price_row, tier, price_tier, long_context, unit_prices)
            VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""";
    private static final String SELECT = """
            SELECT id FROM applied_price
            WHERE price_row = ? AND tier = ? AND price_tier = ? AND long_context = ? AND unit_prices = ?""";
    /** Prices remembered; one more and all are forgotten, which costs each of them one look-up. */
    private static final int REMEMBERED_MAX = 10_000;

    private final Session session;
    private final Map<AppliedPrice, Long> remembered = new HashMap<>();

    AppliedPrices(Session session) {
        this.session = session;
    }

    /** The number of a price, which is added if it is new. */
    long id(AppliedPrice price) throws SQLException {
        var known = remembered.get(price);
        if (known != null) {
            return known;
        }
        fill(INSERT, price);
        session.prepared(INSERT).executeUpdate();
        fill(SELECT, price);
        try (var row = session.prepared(SELECT).executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("an applied price is gone that was just stored: " + price);
            }
            long id = row.getLong(1);
            remember(price, id);
            return id;
        }
    }

    /**
     * Adds those prices that are new, in a transaction of their own: nothing of one organization's may wait for another's. In
     * one order everywhere, so that nobody waits in a circle.
     */
    void ensure(Collection<AppliedPrice> prices) throws SQLException {
        var unknown = new TreeMap<String, AppliedPrice>();
        for (var price : prices) {
            if (!remembered.containsKey(price)) {
                unknown.put(price.toString(), price);
            }
        }
        for (var price : unknown.values()) {
            id(price);
        }
        if (!unknown.isEmpty()) {
            session.connection().commit();
        }
    }

    private void fill(String sql, AppliedPrice price) throws SQLException {
        session.fill(sql)
                .text(price.priceRow())
                .text(price.tier().key())
                .text(price.priceTier().key())
                .flag(price.longContext())
                .text(price.ratesText());
    }

    private void remember(AppliedPrice price, long id) {
        if (remembered.size() >= REMEMBERED_MAX) {
            remembered.clear();
        }
        remembered.put(price, id);
    }
}
