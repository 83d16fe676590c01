package dev.quotary.analytics;

import dev.quotary.call.OrganizationKey;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/**
 * A question about the use of one organization.
 *
 * @param measures what to tell of each bucket and group, 1 to {@link #MEASURES_MAX}; the first decides which groups are the top ones
 * @param conditions all of which the events have to meet, at most {@link #CONDITIONS_MAX}
 * @param groupBy dimensions, at most {@link #GROUP_BY_MAX}; none for one series of everything
 * @param top how many groups are told apart, 1 to {@link #TOP_MAX}: those with most of the first measure; all others are told as one
 * @param previous whether to tell the {@linkplain Range#previous previous period} too, by the same groups
 */
public record Question(
        OrganizationKey organization,
        List<Measure> measures,
        Range range,
        Granularity granularity,
        ZoneId zone,
        List<Condition> conditions,
        List<Dimension> groupBy,
        int top,
        boolean previous) {
    public static final int MEASURES_MAX = 32;
    public static final int CONDITIONS_MAX = 16;
    public static final int GROUP_BY_MAX = 4;
    public static final int TOP_MAX = 1_000;
    /** Most buckets times groups of an answer. */
    public static final int CELLS_MAX = 200_000;

    public Question {
        measures = List.copyOf(measures);
        conditions = List.copyOf(conditions);
        groupBy = List.copyOf(groupBy);
        check("measures", measures.size(), 1, MEASURES_MAX);
        check("conditions", conditions.size(), 0, CONDITIONS_MAX);
        check("dimensions to group by", groupBy.size(), 0, GROUP_BY_MAX);
        check("groups", top, 1, TOP_MAX);
        if (groupBy.stream().distinct().count() < groupBy.size()) {
            throw new IllegalArgumentException("expected different dimensions to group by, was " + keys(groupBy));
        }
        int groups = groupBy.isEmpty() ? 1 : top + 1;
        long cells = (long) granularity.buckets(range, zone).size() * groups;
        if (cells > CELLS_MAX) {
            throw new IllegalArgumentException("expected at most " + CELLS_MAX + " buckets times groups, was " + cells);
        }
    }

    private static void check(String what, int count, int min, int max) {
        if (count < min || count > max) {
            throw new IllegalArgumentException("expected " + min + ".." + max + " " + what + ", was " + count);
        }
    }

    private static List<String> keys(List<Dimension> dimensions) {
        return dimensions.stream().map(Dimension::key).toList();
    }

    /** Sums of everything in a range, in UTC and without groups; to be narrowed down by the other methods. */
    public static Question of(OrganizationKey organization, Range range, List<Measure> measures) {
        return new Question(
                organization, measures, range, Granularity.TOTAL, ZoneOffset.UTC, List.of(), List.of(), TOP_MAX, false);
    }

    /** The same, cut into buckets. */
    public Question by(Granularity buckets, ZoneId of) {
        return new Question(organization, measures, range, buckets, of, conditions, groupBy, top, previous);
    }

    /** The same, by groups, of which so many are told apart. */
    public Question by(List<Dimension> dimensions, int most) {
        return new Question(organization, measures, range, granularity, zone, conditions, dimensions, most, previous);
    }

    /** The same about the events that meet these conditions and no others. */
    public Question where(List<Condition> only) {
        return new Question(organization, measures, range, granularity, zone, only, groupBy, top, previous);
    }

    /** The same about other measures. */
    public Question measuring(List<Measure> others) {
        return new Question(organization, others, range, granularity, zone, conditions, groupBy, top, previous);
    }

    /** The same about another range. */
    public Question in(Range other) {
        return new Question(organization, measures, other, granularity, zone, conditions, groupBy, top, previous);
    }

    /** The same, with the previous period too. */
    public Question withPrevious() {
        return new Question(organization, measures, range, granularity, zone, conditions, groupBy, top, true);
    }

    /** The buckets of the range. */
    public List<Range> buckets() {
        return granularity.buckets(range, zone);
    }
}
