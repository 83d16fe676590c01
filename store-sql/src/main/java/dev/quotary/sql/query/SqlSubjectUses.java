package dev.quotary.sql.query;

import dev.quotary.analytics.Range;
import dev.quotary.analytics.SubjectUse;
import dev.quotary.analytics.SubjectUses;
import dev.quotary.call.OrganizationKey;
import dev.quotary.sql.Columns;
import dev.quotary.sql.FoldPlace;
import dev.quotary.sql.Micros;
import dev.quotary.sql.Saturating;
import dev.quotary.sql.Session;
import dev.quotary.sql.Snapshots;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Everybody who used something, out of the rollups and, at the ends of a range, out of the events. */
public final class SqlSubjectUses implements SubjectUses {
    private static final List<String> SUMS = List.of("events", "errors", "requests", "tokens", "cost");
    private static final List<Source> COARSE = List.of(Source.MONTHS, Source.DAYS);
    private static final String LAST = "SELECT max(time) FROM usage_event WHERE organization = ? AND subject = ?";

    private final Snapshots snapshots;

    public SqlSubjectUses(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public CompletionStage<List<SubjectUse>> used(OrganizationKey organization, Range range) {
        return snapshots.read(session -> used(session, organization, range));
    }

    private static List<SubjectUse> used(Session session, OrganizationKey organization, Range range)
            throws SQLException {
        var used = new ArrayList<SubjectUse>();
        var place = FoldPlace.of(session, organization.value());
        try (var statement = text(organization, range, place).prepare(session);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                var columns = new Columns(rows);
                used.add(new SubjectUse(
                        columns.text(),
                        sum(columns),
                        sum(columns),
                        sum(columns),
                        sum(columns),
                        sum(columns),
                        Micros.instant(columns.number())));
            }
        }
        return used;
    }

    private static long sum(Columns columns) throws SQLException {
        return Saturating.sum(columns.number(), columns.number());
    }

    private static Text text(OrganizationKey organization, Range range, Optional<FoldPlace> place) {
        var text = new Text().add("SELECT subject");
        SUMS.forEach(sum -> text.add(", " + Saturating.sumSql(sum)));
        text.add(", max(last) FROM (");
        var separator = "";
        for (var source : Pieces.of(List.of(range), COARSE, place).bySource().entrySet()) {
            for (var piece : source.getValue()) {
                text.add(separator).add(rows(source.getKey(), piece, organization));
                if (source.getKey() == Source.REST) {
                    text.add(Source.rest(place.orElseThrow()));
                }
                separator = " UNION ALL ";
            }
        }
        text.add(") AS u GROUP BY subject ORDER BY sum(cost / " + Saturating.HALF + ") DESC, subject LIMIT ");
        return text.add(Integer.toString(SUBJECTS_MAX));
    }

    private static Text rows(Source source, Piece piece, OrganizationKey organization) {
        var text = new Text().add("SELECT r.subject AS subject");
        SUMS.forEach(sum -> text.add(", " + Reckoning.column(sum, source) + " AS " + sum));
        text.add(", r." + source.time() + " AS last FROM " + source.table() + " AS r WHERE r.organization = ");
        text.value(organization.value());
        text.add(" AND r." + source.time() + " >= ").value(piece.from());
        text.add(" AND r." + source.time() + " < ").value(piece.until());
        return text.add(" AND r.subject <> ''");
    }

    @Override
    public CompletionStage<Map<String, Instant>> lastEvents(OrganizationKey organization, Collection<String> subjects) {
        if (subjects.size() > LAST_MAX) {
            throw new IllegalArgumentException("expected at most " + LAST_MAX + " subjects, was " + subjects.size());
        }
        var asked = List.copyOf(subjects);
        return snapshots.read(session -> {
            var last = new HashMap<String, Instant>();
            for (var subject : asked) {
                session.fill(LAST).text(organization.value()).text(subject);
                try (var row = session.prepared(LAST).executeQuery()) {
                    var time = row.next() ? new Columns(row).numberOrNull() : null;
                    if (time != null) {
                        last.put(subject, Micros.instant(time));
                    }
                }
            }
            return last;
        });
    }
}
