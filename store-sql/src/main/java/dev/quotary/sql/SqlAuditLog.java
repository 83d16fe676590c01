package dev.quotary.sql;

import dev.quotary.catalog.Actor;
import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.AuditLog;
import dev.quotary.catalog.CatalogStore;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The audit log in SQL, on SQLite or PostgreSQL. */
public final class SqlAuditLog implements AuditLog {
    private static final String SELECT = """
            SELECT number, time, actor_kind, actor_id, actor_name, kind, organization, object_key, action, before_body, after_body
            FROM audit_entry""";

    private static final String FORGET = """
            DELETE FROM audit_entry WHERE number IN
            (SELECT number FROM audit_entry WHERE time < ? ORDER BY time, number LIMIT ?)""";

    private final SqlAccess database;

    public SqlAuditLog(SqlDatabase database) {
        this.database = SqlAccess.of(database);
    }

    /** A condition with its one value, which is a text or a number. */
    private record Condition(String sql, @Nullable String text, long number) {}

    /** The conditions of one query. There are few combinations, so that every text is worth preparing. */
    private static final class Conditions {
        private final List<Condition> all = new ArrayList<>();

        void text(String column, Optional<String> value) {
            value.ifPresent(text -> all.add(new Condition(column + " = ?", text, 0)));
        }

        void time(String comparison, Optional<Instant> value) {
            value.ifPresent(at -> all.add(new Condition("time " + comparison + " ?", null, Micros.of(at))));
        }

        void below(OptionalLong number) {
            number.ifPresent(limit -> all.add(new Condition("number < ?", null, limit)));
        }

        String sql() {
            var where = all.isEmpty()
                    ? ""
                    : " WHERE "
                            + String.join(
                                    " AND ", all.stream().map(Condition::sql).toList());
            return SELECT + where + " ORDER BY number DESC LIMIT ?";
        }

        void fill(Parameters parameters, int limit) throws SQLException {
            for (var condition : all) {
                if (condition.text() == null) {
                    parameters.number(condition.number());
                } else {
                    parameters.text(condition.text());
                }
            }
            parameters.number(limit);
        }
    }

    @Override
    public List<Line> lines(Filter filter, OptionalLong before, int limit) {
        if (limit < 1 || limit > LINES_MAX) {
            throw new IllegalArgumentException("expected 1.." + LINES_MAX + " lines, was " + limit);
        }
        var conditions = new Conditions();
        conditions.text("organization", filter.organization());
        conditions.text("kind", filter.kind());
        conditions.text("object_key", filter.key());
        conditions.text("actor_id", filter.actor());
        conditions.time(">=", filter.from());
        conditions.time("<", filter.until());
        conditions.below(before);
        return database.readers().run(session -> {
            var sql = conditions.sql();
            conditions.fill(session.fill(sql), limit);
            var lines = new ArrayList<Line>();
            try (var rows = session.prepared(sql).executeQuery()) {
                while (rows.next()) {
                    lines.add(line(new Columns(rows)));
                }
            }
            return List.copyOf(lines);
        });
    }

    @Override
    public int forget(Instant before, int max) {
        return Deed.done(database.writer(), "forgetting lines of the audit log", session -> {
            session.fill(FORGET).number(Micros.of(before)).number(max);
            return session.prepared(FORGET).executeUpdate();
        });
    }

    private static Line line(Columns columns) throws SQLException {
        long number = columns.number();
        var at = Micros.instant(columns.number());
        var kind = Actor.Kind.valueOf(columns.text().toUpperCase(Locale.ROOT));
        var actor = new Actor(kind, columns.text(), columns.text());
        var object = new CatalogStore.Name(columns.text(), columns.text(), columns.text());
        var action = AuditEntry.Action.valueOf(columns.text().toUpperCase(Locale.ROOT));
        return new Line(number, new AuditEntry(at, actor, object, action, columns.textOrNull(), columns.textOrNull()));
    }
}
