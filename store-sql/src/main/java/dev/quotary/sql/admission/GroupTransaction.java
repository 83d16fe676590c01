package dev.quotary.sql.admission;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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
        var workspace = lockAndRead(needs);
        var answers = answers(steps, workspace);
        write(workspace, needs.second());
        return answers;
    }

    /** Answers steps that change nothing, without a lock: the connection gives a transaction one view of everything. */
    List<Object> look(List<? extends Step<?>> steps) throws SQLException {
        var needs = Needs.of(steps);
        var workspace = new Workspace();
        var reader = new WorkspaceReader(prepared, workspace, needs.second());
        reader.read(new Script(), needs, DUE_SEEN_MAX);
        reader.readCharged();
        connection.rollback();
        expire(workspace, needs.second());
        return answers(steps, workspace);
    }

    /** Drops holds within a transaction that somebody else began and will commit. */
    void drop(Set<HoldKey> keys) throws SQLException {
        var there = new Workspace();
        new WorkspaceReader(prepared, there, 0).readReservations(new Script(), keys);
        // Use that nobody held anything for, which is most of what comes in batches, waits for no lock.
        if (!there.entries().isEmpty()) {
            dropLocked(List.copyOf(there.entries().keySet()));
        }
    }

    private void dropLocked(List<HoldKey> keys) throws SQLException {
        var locks = keys.stream()
                .map(key -> key.organization().value())
                .distinct()
                .sorted()
                .toArray(String[]::new);
        var workspace = new Workspace();
        var reader = new WorkspaceReader(prepared, workspace, 0);
        reader.readReservations(new Script().add(Texts.LOCK, (Object) locks), keys);
        reader.readCharged();
        workspace.entries().values().forEach(workspace::drop);
        var changes = new Changes(workspace, 0, node).script();
        if (!changes.empty()) {
            changes.send(prepared);
        }
    }

    private static List<Object> answers(List<? extends Step<?>> steps, Workspace workspace) {
        var answers = new ArrayList<Object>(steps.size());
        for (var step : steps) {
            answers.add(step.answer(workspace));
        }
        return answers;
    }

    private Workspace lockAndRead(Needs needs) throws SQLException {
        while (true) {
            var workspace = new Workspace();
            var reader = new WorkspaceReader(prepared, workspace, needs.second());
            var read = reader.read(new Script().add(Texts.LOCK, (Object) needs.locks()), needs, DUE_MAX);
            if (read.first() < needs.organizations().size()) {
                // An organization was never locked before: there is no row yet that could be.
                connection.rollback();
                openGates(needs.locks());
                continue;
            }
            reader.readCharged();
            expire(workspace, needs.second());
            if (read.due() < DUE_MAX) {
                return workspace;
            }
            write(workspace, needs.second());
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
