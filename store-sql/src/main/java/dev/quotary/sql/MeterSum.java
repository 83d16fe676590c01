package dev.quotary.sql;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a set of values of a meter comes to, for every aggregation but unique; sets are put together by {@link #add(MeterSum)}.
 *
 * <p>The latest value is that of the newest report of a level; of reports at the same instant, the one later in the ledger. What a
 * reservation adds to a level is no report of it.
 */
final class MeterSum {
    static final List<String> COLUMNS = List.of("events", "amount", "least", "most", "latest", "latest_time");

    private long events;
    private long amount;
    private long least = Long.MAX_VALUE;
    private long most;
    private @Nullable Long latest;
    private @Nullable Long latestTime;

    /** Of no values: what everything else is added to. */
    static MeterSum nothing() {
        return new MeterSum();
    }

    /** The value of one event. */
    static MeterSum of(long value, boolean level, long time) {
        var sum = new MeterSum();
        sum.events = 1;
        sum.amount = value;
        sum.least = value;
        sum.most = value;
        sum.latest = level ? (Long) value : null;
        sum.latestTime = level ? (Long) time : null;
        return sum;
    }

    /** As {@link #into} wrote it. */
    static MeterSum read(Columns columns) throws SQLException {
        var sum = new MeterSum();
        sum.events = columns.number();
        sum.amount = columns.number();
        sum.least = columns.number();
        sum.most = columns.number();
        sum.latest = columns.numberOrNull();
        sum.latestTime = columns.numberOrNull();
        return sum;
    }

    Row into(Row row) throws SQLException {
        return row.number(events)
                .number(amount)
                .number(least)
                .number(most)
                .numberOrNull(latest)
                .numberOrNull(latestTime);
    }

    /** @param later of the same instant, what is later in the ledger */
    void add(MeterSum later) {
        events = Saturating.add(events, later.events);
        amount = Saturating.add(amount, later.amount);
        least = Math.min(least, later.least);
        most = Math.max(most, later.most);
        var theirs = later.latestTime;
        var ours = latestTime;
        if (theirs != null && (ours == null || theirs >= ours)) {
            latest = later.latest;
            latestTime = theirs;
        }
    }

    long events() {
        return events;
    }

    long amount() {
        return amount;
    }

    long least() {
        return least;
    }

    long most() {
        return most;
    }

    @Nullable Long latest() {
        return latest;
    }

    /** In the order of {@link #COLUMNS}; 0 for what is not there. */
    long[] told() {
        return new long[] {
            events,
            amount,
            least,
            most,
            Objects.requireNonNullElse(latest, 0L),
            Objects.requireNonNullElse(latestTime, 0L)
        };
    }
}
