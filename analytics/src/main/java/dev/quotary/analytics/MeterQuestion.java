package dev.quotary.analytics;

import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.call.OrganizationKey;
import dev.quotary.meter.Aggregation;
import dev.quotary.meter.MeterKey;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/**
 * A question about one declared meter of one organization.
 *
 * @param aggregation how its values make up an answer: as it is declared
 * @param conditions all of which the events have to meet, at most {@link Question#CONDITIONS_MAX}
 * @param groupBy dimensions, at most {@link Question#GROUP_BY_MAX}; none for one series of everything
 * @param top how many groups are told apart, 1 to {@link Question#TOP_MAX}: those of the greatest values; all others are told as one
 */
public record MeterQuestion(
        OrganizationKey organization,
        MeterKey meter,
        Aggregation aggregation,
        Range range,
        Granularity granularity,
        ZoneId zone,
        List<Condition> conditions,
        List<Dimension> groupBy,
        int top) {
    public MeterQuestion {
        conditions = List.copyOf(conditions);
        groupBy = List.copyOf(groupBy);
        if (meter.builtIn()) {
            throw new IllegalArgumentException("expected a declared meter, was " + meter);
        }
        if (conditions.size() > Question.CONDITIONS_MAX
                || groupBy.size() > Question.GROUP_BY_MAX
                || top < 1
                || top > Question.TOP_MAX) {
            throw new IllegalArgumentException("expected at most " + Question.CONDITIONS_MAX + " conditions, "
                    + Question.GROUP_BY_MAX + " dimensions to group by and 1.." + Question.TOP_MAX + " groups");
        }
        if (groupBy.stream().distinct().count() < groupBy.size()) {
            throw new IllegalArgumentException("expected different dimensions to group by");
        }
        conditions.forEach(condition -> check(condition.dimension()));
        groupBy.forEach(MeterQuestion::check);
    }

    private static void check(Dimension dimension) {
        if (dimension == BuiltIn.API_KEY || dimension == BuiltIn.OUTCOME) {
            throw new IllegalArgumentException("declared meters are not kept by " + dimension.key());
        }
    }

    /** Everything in a range, in UTC and without groups; to be narrowed down by the other methods. */
    public static MeterQuestion of(OrganizationKey organization, MeterKey meter, Aggregation aggregation, Range range) {
        return new MeterQuestion(
                organization,
                meter,
                aggregation,
                range,
                Granularity.TOTAL,
                ZoneOffset.UTC,
                List.of(),
                List.of(),
                Question.TOP_MAX);
    }

    /** The same, cut into buckets. */
    public MeterQuestion by(Granularity buckets, ZoneId of) {
        return new MeterQuestion(organization, meter, aggregation, range, buckets, of, conditions, groupBy, top);
    }

    /** The same, by groups, of which so many are told apart. */
    public MeterQuestion by(List<Dimension> dimensions, int most) {
        return new MeterQuestion(
                organization, meter, aggregation, range, granularity, zone, conditions, dimensions, most);
    }

    /** The same about the events that meet these conditions and no others. */
    public MeterQuestion where(List<Condition> only) {
        return new MeterQuestion(organization, meter, aggregation, range, granularity, zone, only, groupBy, top);
    }

    /** Whether its sums are not kept by something that it asks for. */
    public boolean needsEvents() {
        return groupBy.stream().anyMatch(MeterQuestion::unkept)
                || conditions.stream().anyMatch(condition -> unkept(condition.dimension()));
    }

    private static boolean unkept(Dimension dimension) {
        return dimension instanceof BuiltIn builtIn && !builtIn.rolledUp();
    }
}
