package dev.quotary.sql;

import dev.quotary.call.Dimensions;
import dev.quotary.ledger.Recount;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sums counters up from the events themselves, in the ledger's order.
 *
 * <p>The database picks by organization, window and built-in dimensions. Declared dimensions and meters lie in texts that it does not
 * understand; they are read and decided here, where a counter needs them. Everything else it adds up itself. The answer comes in the
 * order of the scope values, one at a time, so that it needs no room.
 */
final class RecountQuery {
    /** The network in the key of an anonymous visitor, exactly as {@link dev.quotary.call.Visitor} reads it; null for everybody else. */
    private static final String NETWORK = """
            CASE WHEN length(subject) = 46 AND substr(subject, 1, 5) = 'anon_' AND substr(subject, 22, 1) = '_'
            AND ltrim(substr(subject, 6, 16), '0123456789abcdef') = '' AND ltrim(substr(subject, 23), '0123456789abcdef') = ''
            THEN substr(subject, 6, 16) END""";

    private final Recount recount;
    private final StringBuilder sql = new StringBuilder();
    private final List<Fill> fills = new ArrayList<>();
    private final Filter declared;

    private interface Fill {
        void into(Parameters parameters) throws SQLException;
    }

    /** Takes the sums one after the other. */
    interface Each {
        void sum(String scopeValue, Tally tally) throws SQLException;
    }

    RecountQuery(Recount recount) {
        this(recount, null);
    }

    /** The sum of one counter alone. */
    static long of(CounterKey counter, Session session) throws SQLException {
        var recount = new Recount(counter.organization(), counter.counted(), counter.window());
        var sum = new Tally(0, null);
        new RecountQuery(recount, counter.scopeValue()).each(session, (_, tally) -> sum.add(tally.used()));
        return sum.used();
    }

    /** @param only the one scope value that is meant; null for all */
    private RecountQuery(Recount recount, @Nullable String only) {
        this.recount = recount;
        var scope = column(recount.counted().scope());
        var patterns = new TreeMap<>(recount.counted().filter().patterns());
        patterns.keySet().removeIf(RecountQuery::builtIn);
        this.declared = new Filter(patterns);
        sql.append("SELECT ").append(scope).append(", ").append(amountColumns());
        sql.append(" FROM usage_event WHERE time >= ? AND time < ?");
        fills.add(parameters -> parameters.number(Micros.of(recount.window().start())));
        fills.add(parameters -> parameters.number(Micros.of(recount.window().end())));
        equal("organization", recount.organization().value());
        if (only == null) {
            sql.append(" AND ").append(scope).append(" IS NOT NULL");
        } else {
            equal(scope, only);
        }
        recount.counted().filter().patterns().forEach((dimension, pattern) -> {
            if (builtIn(dimension)) {
                matching(dimension, pattern);
            }
        });
        if (meter().builtIn()) {
            sql.append(" AND ").append(amountColumn()).append(" > 0");
        } else {
            sql.append(" AND (quantities IS NOT NULL OR levels IS NOT NULL)");
        }
        if (grouped()) {
            sql.append(" GROUP BY ").append(scope);
        }
        sql.append(" ORDER BY ").append(scope);
        if (!grouped()) {
            sql.append(", number");
        }
    }

    /** By scope value; those that have a stored sum but no events are among them, with 0. */
    static Map<String, Tally> run(Recount recount, Session session) throws SQLException {
        var tallies = new TreeMap<String, Tally>();
        for (var scopeValue : WindowSums.scopeValues(recount, session)) {
            tallies.put(scopeValue, new Tally(0, null));
        }
        new RecountQuery(recount).each(session, tallies::put);
        return tallies;
    }

    /** Hands over the sums of all scope values that have events, in the order of the scope values. */
    void each(Session session, Each each) throws SQLException {
        try (var statement = session.connection().prepareStatement(sql.toString())) {
            var parameters = new Parameters(statement);
            for (var fill : fills) {
                fill.into(parameters);
            }
            // Millions of rows may come: they are fetched in pieces.
            statement.setFetchSize(Session.ROWS_PER_FETCH);
            try (var rows = statement.executeQuery()) {
                if (grouped()) {
                    sums(rows, each);
                } else {
                    fold(rows, each);
                }
            }
        }
    }

    private MeterKey meter() {
        return recount.counted().meter();
    }

    /** Whether the database can add up by itself. */
    private boolean grouped() {
        return meter().builtIn() && declared.patterns().isEmpty();
    }

    private String amountColumn() {
        return meter().equals(MeterKey.COST)
                ? "coalesce(corrected_cost, cost)"
                : meter().value().replace('.', '_');
    }

    private String amountColumns() {
        if (!meter().builtIn()) {
            return "dimensions, time, quantities, levels";
        }
        return grouped() ? Saturating.sumSql(amountColumn()) : "dimensions, " + amountColumn();
    }

    private static String column(Scope scope) {
        return switch (scope) {
            case ORGANIZATION -> "organization";
            case SUBJECT -> "subject";
            case KEY -> "api_key";
            case SESSION -> "session";
            case WORKFLOW -> "workflow";
            case NETWORK -> NETWORK;
        };
    }

    private static boolean builtIn(String dimension) {
        return switch (dimension) {
            case "provider", "model", "feature", "session", "workflow" -> true;
            default -> false;
        };
    }

    private void matching(String column, String pattern) {
        if (!pattern.endsWith("*")) {
            equal(column, pattern);
            return;
        }
        var prefix = pattern.substring(0, pattern.length() - 1);
        var stored = StorableText.of(prefix);
        sql.append(" AND substr(").append(column).append(", 1, CAST(? AS INTEGER)) = ?");
        fills.add(parameters ->
                parameters.number(stored.codePointCount(0, stored.length())).text(prefix));
    }

    private void equal(String column, String value) {
        sql.append(" AND ").append(column).append(" = ?");
        fills.add(parameters -> parameters.text(value));
    }

    private static void sums(ResultSet rows, Each each) throws SQLException {
        while (rows.next()) {
            var columns = new Columns(rows);
            each.sum(columns.text(), new Tally(Saturating.sum(columns.number(), columns.number()), null));
        }
    }

    private void fold(ResultSet rows, Each each) throws SQLException {
        String scopeValue = null;
        Tally tally = null;
        while (rows.next()) {
            var columns = new Columns(rows);
            var next = columns.text();
            if (!matches(columns.textOrNull())) {
                continue;
            }
            if (scopeValue != null && tally != null && !next.equals(scopeValue)) {
                each.sum(scopeValue, tally);
                tally = null;
            }
            scopeValue = next;
            tally = counted(columns, tally);
        }
        if (scopeValue != null && tally != null) {
            each.sum(scopeValue, tally);
        }
    }

    /** The tally with what a row adds to it or sets it to; null if there was none, and the row does neither. */
    private @Nullable Tally counted(Columns columns, @Nullable Tally before) throws SQLException {
        if (meter().builtIn()) {
            return with(before, columns.number());
        }
        long time = columns.number();
        long amount = EventRow.quantities(columns.textOrNull()).getOrDefault(meter(), 0L);
        if (!isLevel(columns.textOrNull())) {
            return amount == 0 ? before : with(before, amount);
        }
        var tally = before == null ? new Tally(0, null) : before;
        tally.set(amount, time);
        return tally;
    }

    private static Tally with(@Nullable Tally before, long amount) {
        var tally = before == null ? new Tally(0, null) : before;
        tally.add(amount);
        return tally;
    }

    private boolean matches(@Nullable String dimensions) {
        return declared.patterns().isEmpty()
                || declared.matches(new Dimensions(null, null, null, null, null, Words.parse(dimensions)));
    }

    private boolean isLevel(@Nullable String levels) {
        return levels != null && List.of(levels.split(" ", -1)).contains(meter().value());
    }
}
