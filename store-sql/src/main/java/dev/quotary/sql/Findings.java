package dev.quotary.sql;

import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Verification;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a comparison has found so far: counts what it compared, tells differences, and hands them on to be mended. */
final class Findings {
    private static final long[] NO_METER = new long[MeterSum.COLUMNS.size()];
    private static final long[] NO_SUMS = new long[HourlyRollup.SUMS.size()];

    private final Consumer<Difference> each;
    private final Mending mending;
    private long events;
    private long rollups;
    private long sums;
    private long storedSums;
    private long differences;

    /** What is done about rows that are not as they should be. */
    interface Mending {
        /** @param expected in the order of {@link HourlyRollup#SUMS}; null if the row should not be there */
        void hour(HourKey key, long @Nullable [] expected) throws SQLException;

        void sum(SumKey key, Tally expected) throws SQLException;

        /** @param expected null if the row should not be there */
        void meter(MeterHour row, @Nullable MeterSum expected) throws SQLException;

        /** @param expected whether it should be there, and is not; or the other way round */
        void meterValue(MeterHour.WithValue value, boolean expected) throws SQLException;

        /** Leaves everything as it is. */
        Mending NONE = new Mending() {
            @Override
            public void hour(HourKey key, long @Nullable [] expected) {}

            @Override
            public void sum(SumKey key, Tally expected) {}

            @Override
            public void meter(MeterHour row, @Nullable MeterSum expected) {}

            @Override
            public void meterValue(MeterHour.WithValue value, boolean expected) {}
        };
    }

    /**
     * Names a stored sum, with the end of its window.
     *
     * @param counted as text
     * @param windowStart in {@link Micros}
     * @param windowEnd in {@link Micros}
     */
    record SumKey(String organization, String counted, long windowStart, long windowEnd, String scopeValue) {}

    Findings(Consumer<Difference> each, Mending mending) {
        this.each = each;
        this.mending = mending;
    }

    /** A row of the rollup beside what the events make it; null where it is not there or should not be. */
    void hour(HourKey key, long @Nullable [] expected, long @Nullable [] found) throws SQLException {
        rollups++;
        events += expected == null ? 0 : expected[0];
        long before = differences;
        for (int i = 0; i < HourlyRollup.SUMS.size(); i++) {
            long right = (expected == null ? NO_SUMS : expected)[i];
            long stored = (found == null ? NO_SUMS : found)[i];
            if (right != stored) {
                tell(new Difference.OfRollup(
                        new OrganizationKey(key.organization()), key.told(), HourlyRollup.SUMS.get(i), right, stored));
            }
        }
        if (differences > before) {
            mending.hour(key, expected);
        }
    }

    /** A row of what is summed up of the rollup, that is not as the rollup makes it. */
    void coarse(Difference difference) {
        tell(difference);
    }

    /** A stored sum beside what the events make it; null where there is none. */
    void sum(SumKey key, @Nullable Tally expected, @Nullable Tally found) throws SQLException {
        sums++;
        storedSums += found == null ? 0 : 1;
        var right = expected == null ? new Tally(0, null) : expected;
        var stored = found == null ? new Tally(0, null) : found;
        long before = differences;
        var organization = new OrganizationKey(key.organization());
        var whose = new Difference.Whose(key.scopeValue(), Micros.instant(key.windowStart()));
        if (right.used() != stored.used()) {
            tell(new Difference.OfSum(organization, key.counted(), whose, right.used(), stored.used()));
        }
        if (levelTime(right) != levelTime(stored)) {
            tell(new Difference.OfLevelTime(organization, key.counted(), whose, levelTime(right), levelTime(stored)));
        }
        if (differences > before) {
            mending.sum(key, right);
        }
    }

    /** A row of a declared meter beside what the events make it; null where it is not there or should not be. */
    void meter(MeterHour row, @Nullable MeterSum expected, @Nullable MeterSum found) throws SQLException {
        rollups++;
        long[] right = expected == null ? NO_METER : expected.told();
        long[] stored = found == null ? NO_METER : found.told();
        long before = differences;
        for (int i = 0; i < right.length; i++) {
            if (right[i] != stored[i]) {
                tell(new Difference.OfMeter(
                        new OrganizationKey(row.organization()),
                        row.told(),
                        MeterSum.COLUMNS.get(i),
                        right[i],
                        stored[i]));
            }
        }
        if (differences > before) {
            mending.meter(row, expected);
        }
    }

    /** A value that is missing, or too many. */
    void meterValue(MeterHour.WithValue value, boolean expected) throws SQLException {
        tell(new Difference.OfMeter(
                new OrganizationKey(value.row().organization()),
                value.row().told(),
                "value " + value.value(),
                expected ? 1 : 0,
                expected ? 0 : 1));
        mending.meterValue(value, expected);
    }

    private static long levelTime(Tally tally) {
        var time = tally.levelTime();
        return time == null ? 0 : time;
    }

    private void tell(Difference difference) {
        differences++;
        each.accept(difference);
    }

    /** @param allStoredSums in the store, compared or not */
    Verification verification(long allStoredSums) {
        return new Verification(events, rollups, sums, allStoredSums - storedSums, differences);
    }
}
