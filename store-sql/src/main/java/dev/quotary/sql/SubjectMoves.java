package dev.quotary.sql;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.Move;
import dev.quotary.ledger.Moved;
import dev.quotary.ledger.Moves;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of who was merged into whom. */
final class SubjectMoves {
    private static final Insert INSERT = Insert.into("subject_move")
            .texts("organization", "subject", "moved_into")
            .numbers("time")
            .texts("actor");
    private static final String SELECT = """
            SELECT organization, subject, moved_into, time, actor FROM subject_move WHERE organization = ? AND subject = ?""";
    private static final String SINCE = """
            SELECT organization, subject, moved_into, time, actor FROM subject_move WHERE time >= ?
            ORDER BY time DESC LIMIT ?""";

    private SubjectMoves() {}

    static Optional<Moved> find(Session session, OrganizationKey organization, SubjectKey from) throws SQLException {
        session.fill(SELECT).text(organization.value()).text(from.value());
        return read(session, SELECT).stream().findFirst();
    }

    static List<Moved> since(Session session, Instant from) throws SQLException {
        session.fill(SINCE).number(Micros.of(from)).number(Moves.SINCE_MAX);
        return read(session, SINCE);
    }

    private static List<Moved> read(Session session, String sql) throws SQLException {
        var moved = new ArrayList<Moved>();
        try (var rows = session.prepared(sql).executeQuery()) {
            while (rows.next()) {
                var columns = new Columns(rows);
                moved.add(new Moved(
                        new OrganizationKey(columns.text()),
                        new SubjectKey(columns.text()),
                        new SubjectKey(columns.text()),
                        Micros.instant(columns.number()),
                        columns.text()));
            }
        }
        return moved;
    }

    static Moved insert(Session session, Move move) throws SQLException {
        var rows = session.rows(INSERT);
        rows.text(move.organization().value())
                .text(move.from().value())
                .text(move.into().value())
                .number(Micros.of(move.at()))
                .text(move.by());
        rows.end();
        rows.write();
        var at = Micros.instant(Micros.of(move.at()));
        return new Moved(move.organization(), move.from(), move.into(), at, move.by());
    }
}
