package dev.quotary.sql;

import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Coverage;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.SpotChecks;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Spot checks on the connections of the readers, each in a transaction of its own. */
public final class SqlSpotChecks implements SpotChecks {
    private static final String COUNT = """
            SELECT count(*) FROM (SELECT 1 FROM usage_event WHERE organization = ? AND time >= ? AND time < ? LIMIT ?) AS some""";

    private final SqlAccess database;

    public SqlSpotChecks(SqlDatabase database) {
        this.database = SqlAccess.of(database);
    }

    /** A comparison within a transaction that sees one moment. */
    private interface Comparison {
        void run(Session session, Findings findings) throws SQLException;
    }

    /** Between two instants in {@link Micros}. */
    private record Stretch(String organization, long from, long until) {}

    @Override
    public CompletionStage<Checked> hour(OrganizationKey organization, Instant hour, Consumer<Difference> each) {
        long from = Micros.of(hour);
        var stretch = new Stretch(organization.value(), from, from + HourlyRollup.MICROS_PER_HOUR);
        return compare(
                stretch,
                each,
                (session, findings) -> new HourAudit(session, findings).hour(organization.value(), from));
    }

    @Override
    public CompletionStage<Checked> window(Recount group, Coverage coverage, Consumer<Difference> each) {
        var stretch = new Stretch(
                group.organization().value(),
                Micros.of(group.window().start()),
                Micros.of(group.window().end()));
        return compare(stretch, each, (session, findings) -> new SumAudit(session, coverage, findings).window(group));
    }

    private CompletionStage<Checked> compare(Stretch stretch, Consumer<Difference> each, Comparison comparison) {
        return database.readers().submit(session -> {
            // One moment for all of its statements: SQLite's transactions have that anyway.
            session.connection().setTransactionIsolation(session.dialect().snapshot());
            session.connection().setAutoCommit(false);
            try {
                return compared(session, stretch, new Findings(each, Findings.Mending.NONE), comparison);
            } finally {
                session.connection().rollback();
                session.connection().setAutoCommit(true);
            }
        });
    }

    private static Checked compared(Session session, Stretch stretch, Findings findings, Comparison comparison)
            throws SQLException {
        session.fill(COUNT)
                .text(stretch.organization())
                .number(stretch.from())
                .number(stretch.until())
                .number(EVENTS_MAX + 1L);
        try (var row = session.prepared(COUNT).executeQuery()) {
            if (row.next() && row.getLong(1) > EVENTS_MAX) {
                return Checked.LEFT_OUT;
            }
        }
        comparison.run(session, findings);
        return Checked.COMPARED;
    }
}
