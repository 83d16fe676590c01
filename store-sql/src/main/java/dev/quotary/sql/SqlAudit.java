package dev.quotary.sql;

import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Coverage;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Verification;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** The comparison, within one transaction of a session: the same statements on every database. */
final class SqlAudit {
    private static final String NEXT_WITH_EVENTS = "SELECT min(organization) FROM usage_event WHERE organization > ?";
    private static final String NEXT_WITH_HOURS = "SELECT min(organization) FROM usage_hour WHERE organization > ?";
    private static final String NEXT_WITH_METERS = "SELECT min(organization) FROM meter_hour WHERE organization > ?";
    private static final String NEXT_WITH_SUMS = "SELECT min(organization) FROM window_sum WHERE organization > ?";
    private static final String COUNT_SUMS = "SELECT count(*) FROM window_sum";

    private final Session session;
    private final Coverage coverage;
    private final Instant now;

    /** @param session in a transaction that sees one moment of the database */
    SqlAudit(Session session, Coverage coverage, Instant now) {
        this.session = session;
        this.coverage = coverage;
        this.now = now;
    }

    Verification verify(Consumer<Difference> each) throws SQLException {
        return run(new Findings(each, Findings.Mending.NONE));
    }

    /** Mends what it finds, in the same transaction; it is for the caller to commit. */
    Verification rebuild(Consumer<Difference> each) throws SQLException {
        var mendings = new Mendings(session);
        var verification = run(new Findings(each, mendings));
        mendings.apply();
        CoarseRollups.forget(session);
        return verification;
    }

    private Verification run(Findings findings) throws SQLException {
        var hours = new HourAudit(session, findings);
        var coarse = new CoarseAudit(session, findings);
        var sums = new SumAudit(session, coverage, findings);
        for (var name = next(""); name.isPresent(); name = next(name.get())) {
            hours.organization(name.get());
            coarse.organization(name.get());
            sums.organization(new OrganizationKey(name.get()), now);
        }
        try (var row = session.prepared(COUNT_SUMS).executeQuery()) {
            return findings.verification(row.next() ? row.getLong(1) : 0);
        }
    }

    /** The next organization of which anything is stored: a jump along the keys, as there may be far more rows than organizations. */
    private Optional<String> next(String after) throws SQLException {
        var next = Optional.<String>empty();
        for (var sql : new String[] {NEXT_WITH_EVENTS, NEXT_WITH_HOURS, NEXT_WITH_METERS, NEXT_WITH_SUMS}) {
            session.fill(sql).text(after);
            try (var row = session.prepared(sql).executeQuery()) {
                var found = row.next() ? Optional.ofNullable(new Columns(row).textOrNull()) : Optional.<String>empty();
                if (found.isPresent() && (next.isEmpty() || TextOrder.compare(found.get(), next.get()) < 0)) {
                    next = found;
                }
            }
        }
        return next;
    }
}
