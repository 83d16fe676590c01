package dev.quotary.sql.query;

import dev.quotary.call.OrganizationKey;
import dev.quotary.sql.Columns;
import dev.quotary.sql.FoldPlace;
import dev.quotary.sql.Saturating;
import dev.quotary.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The subjects that cost most, where a month's sums answer for all but some hours. A cost only grows by what these hours add: so whoever
 * is among the top ones is among those of the month, or has used something in the hours. Only these are looked at, along an index.
 */
final class TopOfMonth {
    private final Session session;
    private final OrganizationKey organization;
    private final Map<Source, List<Piece>> pieces;
    private final Optional<FoldPlace> place;

    private TopOfMonth(
            Session session, OrganizationKey organization, Map<Source, List<Piece>> pieces, Optional<FoldPlace> place) {
        this.session = session;
        this.organization = organization;
        this.pieces = pieces;
        this.place = place;
    }

    /** Empty where more than one month, or days, answer. */
    static Optional<TopOfMonth> of(
            Session session, OrganizationKey organization, Pieces pieces, Optional<FoldPlace> place) {
        var months = pieces.bySource().getOrDefault(Source.MONTHS, List.of());
        boolean one = months.size() == 1
                && Source.MONTHS.end(months.getFirst().from())
                        == months.getFirst().until()
                && !pieces.bySource().containsKey(Source.DAYS);
        return one ? Optional.of(new TopOfMonth(session, organization, pieces.bySource(), place)) : Optional.empty();
    }

    private long month() {
        return pieces.getOrDefault(Source.MONTHS, List.of()).getFirst().from();
    }

    /** The subjects with most cost, those that are equal in the order of their keys. */
    List<List<String>> top(int count) throws SQLException {
        long least = cost(count);
        var text = new Text()
                .add("SELECT subject FROM (SELECT subject, cost FROM (")
                .add(hours());
        text.add(") AS h UNION ALL ").add(months()).add(" AND m.cost >= ").value(least);
        text.add(" UNION ALL ").add(months()).add(" AND m.cost < ").value(least);
        text.add(" AND m.subject IN (SELECT subject FROM (").add(hours()).add(") AS s)) AS u GROUP BY subject");
        var halves = Saturating.sumSql("cost").split(", ", -1);
        text.add(" ORDER BY (" + halves[0] + " + " + halves[1] + " / " + Saturating.HALF + ") DESC, (" + halves[1]
                + " % " + Saturating.HALF + ") DESC, subject LIMIT " + count);
        var subjects = new ArrayList<List<String>>();
        try (var statement = text.prepare(session);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                subjects.add(List.of(new Columns(rows).text()));
            }
        }
        return subjects;
    }

    private Text months() {
        return new Text()
                .add("SELECT m.subject, m.cost FROM usage_month AS m WHERE m.organization = ")
                .value(organization.value())
                .add(" AND m.month = ")
                .value(month());
    }

    /** What the last of so many costs in the month; 0 where there are fewer. */
    private long cost(int count) throws SQLException {
        var text = new Text()
                .add("SELECT m.cost FROM usage_month AS m WHERE m.organization = ")
                .value(organization.value())
                .add(" AND m.month = ")
                .value(month())
                .add(" ORDER BY m.cost DESC LIMIT 1 OFFSET " + (count - 1));
        try (var statement = text.prepare(session);
                var row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Who used what outside of the month's sums. */
    private Text hours() {
        var text = new Text();
        var separator = "";
        for (var source : pieces.entrySet()) {
            if (source.getKey() != Source.MONTHS) {
                for (var piece : source.getValue()) {
                    text.add(separator).add(rows(source.getKey(), piece));
                    separator = " UNION ALL ";
                }
            }
        }
        return separator.isEmpty() ? text.add("SELECT '' AS subject, 0 AS cost WHERE 1 = 0") : text;
    }

    private Text rows(Source source, Piece piece) {
        var subject = source == Source.EVENTS ? "coalesce(r.subject, '')" : "r.subject";
        var text = new Text()
                .add("SELECT " + subject + " AS subject, " + Reckoning.column("cost", source) + " AS cost FROM "
                        + source.table() + " AS r WHERE r.organization = ")
                .value(organization.value());
        text.add(" AND r." + source.time() + " >= ").value(piece.from());
        text.add(" AND r." + source.time() + " < ").value(piece.until());
        return source == Source.REST ? text.add(Source.rest(place.orElseThrow())) : text;
    }
}
