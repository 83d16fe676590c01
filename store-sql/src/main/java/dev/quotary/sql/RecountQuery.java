package dev.quotary.sql;

import dev.quotary.call.Dimensions;
import dev.quotary.ledger.Recount;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import java.sql.PreparedStatement;
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
 * understand; they are read and decided here, where a counter needs them.
 */
final class RecountQuery {
    private final Recount recount;
    private final StringBuilder sql = new StringBuilder();
    private final List<Fill> fills = new ArrayList<>();
    private final Filter declared;

    private interface Fill {
        void into(Parameters parameters) throws SQLException;
    }

    private RecountQuery(Recount recount) {
        this.recount = recount;
        var scope = column(recount.counted().scope());
        var patterns = new TreeMap<>(recount.counted().filter().patterns());
        sql.append("SELECT ").append(scope).append(", ").append(amountColumns(meter()));
        sql.append(", dimensions FROM usage_event WHERE time >= ? AND time < ?");
        fills.add(parameters -> parameters.number(Micros.of(recount.window().start())));
        fills.add(parameters -> parameters.number(Micros.of(recount.window().end())));
        equal("organization", recount.organization().value());
        sql.append(" AND ").append(scope).append(" IS NOT NULL");
        recount.counted().filter().patterns().forEach((dimension, pattern) -> {
            if (builtIn(dimension)) {
                matching(dimension, pattern);
                patterns.remove(dimension);
            }
        });
        this.declared = new Filter(patterns);
        if (!meter().builtIn()) {
            sql.append(" AND (quantities IS NOT NULL OR levels IS NOT NULL) ORDER BY number");
        }
    }

    /** By scope value; those that have a stored sum but no events are among them, with 0. */
    static Map<String, Tally> run(Recount recount, Session session) throws SQLException {
        var query = new RecountQuery(recount);
        var tallies = new TreeMap<String, Tally>();
        for (var scopeValue : WindowSums.scopeValues(recount, session)) {
            tallies.put(scopeValue, new Tally(0, null));
        }
        try (var statement = session.connection().prepareStatement(query.sql.toString())) {
            query.run(statement, tallies);
        }
        return tallies;
    }

    private MeterKey meter() {
        return recount.counted().meter();
    }

    private static String amountColumns(MeterKey meter) {
        return switch (meter.value()) {
            case "requests" -> "requests";
            case "tokens" -> "tokens";
            case "tokens.input" -> "tokens_input";
            case "tokens.output" -> "tokens_output";
            case "cost" -> "cost";
            default -> "time, quantities, levels";
        };
    }

    private static String column(Scope scope) {
        return switch (scope) {
            case ORGANIZATION -> "organization";
            case SUBJECT -> "subject";
            case KEY -> "api_key";
            case SESSION -> "session";
            case WORKFLOW -> "workflow";
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
        sql.append(" AND substr(").append(column).append(", 1, ?) = ?");
        fills.add(parameters ->
                parameters.number(prefix.codePointCount(0, prefix.length())).text(prefix));
    }

    private void equal(String column, String value) {
        sql.append(" AND ").append(column).append(" = ?");
        fills.add(parameters -> parameters.text(value));
    }

    private void run(PreparedStatement statement, Map<String, Tally> tallies) throws SQLException {
        var parameters = new Parameters(statement);
        for (var fill : fills) {
            fill.into(parameters);
        }
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                var columns = new Columns(rows);
                var scopeValue = columns.text();
                if (meter().builtIn()) {
                    add(columns, scopeValue, tallies);
                } else {
                    addDeclared(columns, scopeValue, tallies);
                }
            }
        }
    }

    private void add(Columns columns, String scopeValue, Map<String, Tally> tallies) throws SQLException {
        long amount = columns.number();
        if (amount > 0 && matches(columns)) {
            tally(scopeValue, tallies).add(amount);
        }
    }

    private void addDeclared(Columns columns, String scopeValue, Map<String, Tally> tallies) throws SQLException {
        long time = columns.number();
        long amount = EventRow.quantities(columns.textOrNull()).getOrDefault(meter(), 0L);
        boolean level = isLevel(columns.textOrNull());
        if ((!level && amount == 0) || !matches(columns)) {
            return;
        }
        if (level) {
            tally(scopeValue, tallies).set(amount, time);
        } else {
            tally(scopeValue, tallies).add(amount);
        }
    }

    private static Tally tally(String scopeValue, Map<String, Tally> tallies) {
        return tallies.computeIfAbsent(scopeValue, _ -> new Tally(0, null));
    }

    private boolean matches(Columns columns) throws SQLException {
        return declared.patterns().isEmpty()
                || declared.matches(new Dimensions(null, null, null, null, null, Words.parse(columns.textOrNull())));
    }

    private boolean isLevel(@Nullable String levels) {
        return levels != null && List.of(levels.split(" ", -1)).contains(meter().value());
    }
}
