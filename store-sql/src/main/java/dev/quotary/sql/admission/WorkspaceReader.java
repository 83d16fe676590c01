package dev.quotary.sql.admission;

import dev.quotary.call.OrganizationKey;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.time.Window;
import dev.quotary.time.WindowSpec;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what decisions depend on into a {@link Workspace}. For one thread and one transaction at a time. */
final class WorkspaceReader {
    private final Script.Prepared prepared;
    private final Workspace workspace;
    private final Instant now;

    WorkspaceReader(Script.Prepared prepared, Workspace workspace, long second) {
        this.prepared = prepared;
        this.workspace = workspace;
        this.now = Instant.ofEpochSecond(second);
    }

    /**
     * Reads what a group needs, all in the round trip of a script that may have something else first.
     *
     * @param dueMax expired holds that are read at most
     * @return how many rows the first statement gave, and how many expired holds there were
     */
    Read read(Script script, Needs needs, int dueMax) throws SQLException {
        boolean leading = !script.empty();
        var counters = withPrevious(needs.counters());
        var sliding = sliding(needs.counters());
        var organizations = Needs.organizationsOf(needs.reservations());
        var ids = Needs.idsOf(needs.reservations());
        script.add(Texts.DECLARED)
                .add(Texts.DUE, needs.locks(), needs.second(), dueMax)
                .add(Texts.RESERVATIONS, organizations, ids)
                .add(Texts.RECORDED, organizations, ids);
        addCounters(script, counters, sliding);
        var statement = script.send(prepared);
        int first = 0;
        if (leading) {
            first = count(statement.getResultSet());
        }
        workspace.declared(number(leading ? next(statement) : statement.getResultSet()));
        int due = readEntries(next(statement));
        readEntries(next(statement));
        readRecorded(next(statement));
        readCounters(next(statement), counters);
        if (!sliding.isEmpty()) {
            readSlices(next(statement), sliding);
        }
        return new Read(first, due);
    }

    record Read(int first, int due) {}

    /** Reads reservations alone, behind a statement whose rows do not matter. */
    void readReservations(Script script, Collection<HoldKey> keys) throws SQLException {
        boolean leading = !script.empty();
        var statement = script.add(Texts.RESERVATIONS, Needs.organizationsOf(keys), Needs.idsOf(keys))
                .send(prepared);
        readEntries(leading ? next(statement) : statement.getResultSet());
    }

    /** Reads the counters that known holds are on: they are known only once the holds are. */
    void readCharged() throws SQLException {
        var more = new LinkedHashSet<CounterKey>();
        for (var entry : workspace.entries().values()) {
            var hold = entry.hold();
            if (hold != null && entry.wasHeld()) {
                hold.charges().stream()
                        .map(Charge::counter)
                        .filter(counter -> !known(counter))
                        .forEach(more::add);
            }
        }
        if (more.isEmpty()) {
            return;
        }
        var counters = withPrevious(more);
        var sliding = sliding(more);
        var statement = addCounters(new Script(), counters, sliding).send(prepared);
        readCounters(statement.getResultSet(), counters);
        if (!sliding.isEmpty()) {
            readSlices(next(statement), sliding);
        }
    }

    /** A counter may have been read for somebody who does not look back at the window before. */
    private boolean known(CounterKey counter) {
        var previous = counter.previous();
        return workspace.counters().has(counter)
                && (previous == null || workspace.counters().has(previous));
    }

    private Script addCounters(Script script, List<CounterKey> counters, List<CounterKey> sliding) {
        script.add(Texts.COUNTERS, Needs.columns(counters));
        if (!sliding.isEmpty()) {
            script.add(Texts.SLICES, Needs.columns(sliding, this::oldest));
        }
        return script;
    }

    /** Slices that began earlier matter to no decision any more. */
    private long oldest(CounterKey whole) {
        var spec = (WindowSpec.Sliding) whole.counted().window();
        var back = spec.length().multipliedBy(2).plus(spec.slice()).plus(Duration.ofSeconds(1));
        return Micros.of(now.minus(back));
    }

    private static List<CounterKey> withPrevious(Collection<CounterKey> counters) {
        var all = new LinkedHashSet<>(counters);
        for (var counter : counters) {
            var previous = counter.previous();
            if (previous != null) {
                all.add(previous);
            }
        }
        return List.copyOf(all);
    }

    private static List<CounterKey> sliding(Collection<CounterKey> counters) {
        var wholes = new LinkedHashSet<CounterKey>();
        for (var counter : counters) {
            if (counter.counted().window() instanceof WindowSpec.Sliding) {
                wholes.add(counter.whole());
            }
        }
        return List.copyOf(wholes);
    }

    private static ResultSet next(PreparedStatement statement) throws SQLException {
        if (!statement.getMoreResults()) {
            throw new IllegalStateException("expected the rows of another statement");
        }
        return statement.getResultSet();
    }

    private static long number(ResultSet rows) throws SQLException {
        return rows.next() ? rows.getLong(1) : 0;
    }

    private static int count(ResultSet rows) throws SQLException {
        int count = 0;
        while (rows.next()) {
            count++;
        }
        return count;
    }

    private int readEntries(ResultSet rows) throws SQLException {
        int count = 0;
        while (rows.next()) {
            var id = HoldBytes.id(rows.getBytes(2));
            var state = Entry.State.of(rows.getInt(3));
            var entry = state == Entry.State.CLOSED
                    ? Entry.closed()
                    : Entry.read(state, HoldBytes.read(id, rows.getBytes(4)));
            workspace.entries().putIfAbsent(new HoldKey(new OrganizationKey(rows.getString(1)), id), entry);
            count++;
        }
        return count;
    }

    private void readRecorded(ResultSet rows) throws SQLException {
        while (rows.next()) {
            var key = new HoldKey(new OrganizationKey(rows.getString(1)), HoldBytes.id(rows.getBytes(2)));
            workspace.entries().putIfAbsent(key, Entry.recorded());
        }
    }

    private void readCounters(ResultSet rows, List<CounterKey> counters) throws SQLException {
        while (rows.next()) {
            var counter = counters.get(Math.toIntExact(rows.getLong(1)) - 1);
            long used = rows.getLong(2);
            var exceededAt = number(rows, 4);
            var begun = exceededAt == null ? null : Micros.instant(exceededAt);
            workspace.counters().read(counter, new Cell(used, number(rows, 3), begun));
        }
    }

    /** Use and holds of slices come as rows of their own. */
    private void readSlices(ResultSet rows, List<CounterKey> wholes) throws SQLException {
        var found = new HashMap<CounterKey, Map<CounterKey, Cell>>();
        wholes.forEach(whole -> found.put(whole, new HashMap<>()));
        while (rows.next()) {
            var whole = wholes.get(Math.toIntExact(rows.getLong(1)) - 1);
            var slice = whole.in(new Window(Micros.instant(rows.getLong(2)), Micros.instant(rows.getLong(3))));
            var used = number(rows, 4);
            var held = number(rows, 5);
            found.getOrDefault(whole, new HashMap<>())
                    .merge(slice, new Cell(used == null ? 0 : used, held, null), Cell::and);
        }
        found.forEach((whole, slices) -> {
            slices.forEach(workspace.counters()::read);
            workspace.counters().sum(whole, slices.keySet(), now);
        });
    }

    private static @Nullable Long number(ResultSet rows, int column) throws SQLException {
        long number = rows.getLong(column);
        return rows.wasNull() ? null : number;
    }
}
