package dev.quotary.sql.admission;

import dev.quotary.call.OrganizationKey;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Decides a group of steps in one transaction: one round trip to lock and read, the decisions, one round trip to write and commit.
 *
 * <p>The lock is on the organization, not on its counters: nearly every call moves a counter of its whole organization anyway, one lock in
 * the place of many costs less, and behind it nothing that a decision depends on can change, expired holds on whatever counters included.
 * The ledger takes the same lock before it drops holds. It does not for use that nobody held anything for: such use may pass a maximum
 * as it is, and a decision sees either all of a recorded event or nothing.
 *
 * <p>For one thread.
 */
final class GroupTransaction {
    /** Holds that one transaction takes out because they have expired; where there are more, further transactions go first. */
    static final int DUE_MAX = 2_000;

    /** Expired holds that a look at counters takes into account. */
    private static final int DUE_SEEN_MAX = 100_000;

    private final Connection connection;
    private final Script.Prepared prepared;
    private final String node;

    /** @param node whose holds these are */
    GroupTransaction(Connection connection, String node) {
        this.connection = connection;
        this.prepared = new Script.Prepared(connection);
        this.node = node;
    }

    /** Decides the steps in their order and returns their answers, which are durable. */
    List<Object> decide(List<? extends Step<?>> steps) throws SQLException {
        var needs = Needs.of(steps);
        var workspace = read(needs);
        var answers = answers(steps, workspace);
        write(workspace, needs.second());
        return answers;
    }

    /** Answers steps that change nothing, without a lock: the connection gives a transaction one view of everything. */
    List<Object> look(List<? extends Step<?>> steps) throws SQLException {
        var needs = Needs.of(steps);
        var workspace = new Workspace();
        var counters = List.copyOf(needs.counters());
        var statement = reading(new Script(), needs, counters, DUE_SEEN_MAX).send(prepared);
        try (var rows = statement.getResultSet()) {
            readEntries(rows, workspace, new ArrayList<>());
        }
        readRest(statement, counters, workspace);
        readChargesOf(workspace);
        connection.rollback();
        expire(workspace, needs.second());
        return answers(steps, workspace);
    }

    private static List<Object> answers(List<? extends Step<?>> steps, Workspace workspace) {
        var answers = new ArrayList<Object>(steps.size());
        for (var step : steps) {
            answers.add(step.apply(workspace));
        }
        return answers;
    }

    private Workspace read(Needs needs) throws SQLException {
        while (true) {
            var workspace = new Workspace();
            var due = new ArrayList<Entry>();
            if (!lockAndRead(needs, workspace, due)) {
                connection.rollback();
                openGates(needs.locks());
                continue;
            }
            readChargesOf(workspace);
            expire(workspace, needs.second());
            if (due.size() < DUE_MAX) {
                return workspace;
            }
            write(workspace, needs.second());
        }
    }

    /** @return false if an organization was never locked before, so that there is no row to lock yet */
    private boolean lockAndRead(Needs needs, Workspace workspace, List<Entry> due) throws SQLException {
        var counters = List.copyOf(needs.counters());
        var script = new Script().add(Texts.LOCK, (Object) needs.locks());
        var statement = reading(script, needs, counters, DUE_MAX).send(prepared);
        int locked = 0;
        try (var rows = statement.getResultSet()) {
            while (rows.next()) {
                locked++;
            }
        }
        try (var rows = next(statement)) {
            readEntries(rows, workspace, due);
        }
        readRest(statement, counters, workspace);
        return locked == needs.organizations().size();
    }

    private static Script reading(Script script, Needs needs, List<CounterKey> counters, int dueMax) {
        var organizations = Needs.organizationsOf(needs.reservations());
        var ids = Needs.idsOf(needs.reservations());
        return script.add(Texts.DUE, needs.locks(), needs.second(), dueMax)
                .add(Texts.RESERVATIONS, organizations, ids)
                .add(Texts.RECORDED, organizations, ids)
                .add(Texts.COUNTERS, Needs.columns(counters));
    }

    private static void readRest(PreparedStatement statement, List<CounterKey> counters, Workspace workspace)
            throws SQLException {
        try (var rows = next(statement)) {
            readEntries(rows, workspace, new ArrayList<>());
        }
        try (var rows = next(statement)) {
            while (rows.next()) {
                var key = new HoldKey(new OrganizationKey(rows.getString(1)), HoldBytes.id(rows.getBytes(2)));
                workspace.entries().putIfAbsent(key, Entry.closed());
            }
        }
        try (var rows = next(statement)) {
            readCounters(rows, counters, workspace);
        }
    }

    private static ResultSet next(PreparedStatement statement) throws SQLException {
        if (!statement.getMoreResults()) {
            throw new IllegalStateException("expected the rows of another statement");
        }
        return statement.getResultSet();
    }

    private static void readEntries(ResultSet rows, Workspace workspace, Collection<Entry> read) throws SQLException {
        while (rows.next()) {
            var id = HoldBytes.id(rows.getBytes(2));
            var state = Entry.State.of(rows.getInt(3));
            var entry = state == Entry.State.CLOSED
                    ? Entry.closed()
                    : Entry.read(state, HoldBytes.read(id, rows.getBytes(4)));
            read.add(entry);
            workspace.entries().putIfAbsent(new HoldKey(new OrganizationKey(rows.getString(1)), id), entry);
        }
    }

    private static void readCounters(ResultSet rows, List<CounterKey> counters, Workspace workspace)
            throws SQLException {
        while (rows.next()) {
            var counter = counters.get(Math.toIntExact(rows.getLong(1)) - 1);
            long used = rows.getLong(2);
            long held = rows.getLong(3);
            workspace.cells().put(counter, new Cell(used, rows.wasNull() ? null : held));
        }
    }

    /** Counters that known holds are on: they are known only once the holds are. */
    private void readChargesOf(Workspace workspace) throws SQLException {
        var more = new LinkedHashSet<CounterKey>();
        for (var entry : workspace.entries().values()) {
            var hold = entry.hold();
            if (hold != null && entry.wasHeld()) {
                hold.charges().stream()
                        .map(Charge::counter)
                        .filter(counter -> !workspace.cells().containsKey(counter))
                        .forEach(more::add);
            }
        }
        if (more.isEmpty()) {
            return;
        }
        var counters = List.copyOf(more);
        var statement =
                new Script().add(Texts.COUNTERS, Needs.columns(counters)).send(prepared);
        try (var rows = statement.getResultSet()) {
            readCounters(rows, counters, workspace);
        }
    }

    private static void expire(Workspace workspace, long second) {
        for (var entry : workspace.entries().values()) {
            var hold = entry.hold();
            if (hold != null && entry.wasHeld() && hold.expiresAt().getEpochSecond() <= second) {
                workspace.expire(entry);
            }
        }
    }

    private void openGates(String[] organizations) throws SQLException {
        new Script().add(Texts.OPEN_GATES, (Object) organizations).send(prepared);
        connection.commit();
    }

    private void write(Workspace workspace, long second) throws SQLException {
        var script = new Changes(workspace, second, node).script();
        if (script.empty()) {
            connection.rollback();
        } else {
            script.add(Texts.COMMIT).send(prepared);
        }
    }
}
