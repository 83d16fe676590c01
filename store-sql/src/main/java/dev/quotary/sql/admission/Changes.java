package dev.quotary.sql.admission;

import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a transaction changed, as the statements that write it; those that would write nothing are left out. */
final class Changes {
    /** How long an expired hold is kept for a late commit. */
    private static final Duration LATE_FOR = Duration.ofHours(24);
    /** How long the id of a released reservation is known. What was settled is known to the ledger. */
    private static final Duration CLOSED_FOR = Duration.ofHours(1);

    /** Columns of the key of a sum. */
    private static final int WINDOW_SUM_KEY = 4;

    private final Workspace workspace;
    private final long second;
    private final String node;

    Changes(Workspace workspace, long second, String node) {
        this.workspace = workspace;
        this.second = second;
        this.node = node;
    }

    Script script() {
        var script = new Script();
        counters(script);
        var fresh = new ArrayList<Hold>();
        var held = new ArrayList<Hold>();
        var ended = new ArrayList<Map.Entry<HoldKey, Entry>>();
        var gone = new ArrayList<HoldKey>();
        for (var each : workspace.entries().entrySet()) {
            var entry = each.getValue();
            if (entry.changed() && entry.state() == Entry.State.HELD) {
                (entry.existed() ? held : fresh)
                        .add(Objects.requireNonNull(entry.hold(), "a live reservation has a hold"));
            } else if (entry.changed() && entry.existed()) {
                if (entry.state() == Entry.State.NONE) {
                    gone.add(each.getKey());
                } else {
                    ended.add(each);
                }
            }
        }
        holds(fresh, Texts.NEW_HOLD, script);
        holds(held, Texts.HOLD, script);
        ended(ended, script);
        if (!gone.isEmpty()) {
            script.add(Texts.GONE, Needs.organizationsOf(gone), Needs.idsOf(gone));
        }
        return script;
    }

    private void counters(Script script) {
        var fresh = new ArrayList<CounterKey>();
        var known = new ArrayList<CounterKey>();
        var used = new ArrayList<CounterKey>();
        workspace.counters().cells().forEach((counter, cell) -> {
            if (cell.heldChanged()) {
                (cell.stored() ? known : fresh).add(counter);
            }
            if (cell.usedChanged()) {
                used.add(counter);
            }
        });
        if (!fresh.isEmpty()) {
            script.add(Texts.NEW_HELD, with(Needs.columns(fresh), ends(fresh), held(fresh), exceeded(fresh)));
        }
        if (!known.isEmpty()) {
            script.add(Texts.HELD, with(Needs.shortColumns(known), held(known), exceeded(known)));
        }
        if (!used.isEmpty()) {
            var names = Arrays.copyOf(Needs.columns(used), WINDOW_SUM_KEY);
            script.add(Texts.USED, with(names, ends(used), used(used)));
        }
    }

    private static Object[] with(Object[] columns, Object... more) {
        var all = Arrays.copyOf(columns, columns.length + more.length);
        System.arraycopy(more, 0, all, columns.length, more.length);
        return all;
    }

    private static Long[] ends(List<CounterKey> counters) {
        return counters.stream()
                .map(counter -> Micros.of(counter.window().end()))
                .toArray(Long[]::new);
    }

    private Long[] held(List<CounterKey> counters) {
        return counters.stream()
                .map(counter -> workspace.counters().cell(counter).held())
                .toArray(Long[]::new);
    }

    private @Nullable Long[] exceeded(List<CounterKey> counters) {
        var instants = new @Nullable Long[counters.size()];
        for (int i = 0; i < instants.length; i++) {
            var at = workspace.counters().cell(counters.get(i)).exceededAt();
            instants[i] = at == null ? null : (Long) Micros.of(at);
        }
        return instants;
    }

    private Long[] used(List<CounterKey> counters) {
        return counters.stream()
                .map(counter -> workspace.counters().cell(counter).used())
                .toArray(Long[]::new);
    }

    private void holds(List<Hold> holds, String text, Script script) {
        if (holds.isEmpty()) {
            return;
        }
        var keys = holds.stream().map(HoldKey::of).toList();
        script.add(
                text,
                node,
                Needs.organizationsOf(keys),
                Needs.idsOf(keys),
                holds.stream().map(hold -> hold.expiresAt().getEpochSecond()).toArray(Long[]::new),
                holds.stream().map(hold -> (long) HoldBytes.code(hold.origin())).toArray(Long[]::new),
                holds.stream().map(HoldBytes::of).toArray(byte[][]::new));
    }

    private void ended(List<Map.Entry<HoldKey, Entry>> ended, Script script) {
        if (ended.isEmpty()) {
            return;
        }
        var keys = ended.stream().map(Map.Entry::getKey).toList();
        script.add(
                Texts.END,
                Needs.organizationsOf(keys),
                Needs.idsOf(keys),
                ended.stream()
                        .map(each -> (long) each.getValue().state().code())
                        .toArray(Long[]::new),
                ended.stream().map(each -> keptUntil(each.getValue())).toArray(Long[]::new));
    }

    private long keptUntil(Entry entry) {
        var hold = entry.hold();
        return hold == null
                ? second + CLOSED_FOR.toSeconds()
                : hold.expiresAt().getEpochSecond() + LATE_FOR.toSeconds();
    }
}
