package dev.quotary.usage;

import dev.quotary.ledger.Ledger;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has the ledger note when graces begin, so that a restart does not begin them anew.
 *
 * <p>The instant is a fact of its own, not derived from the events: it depends on the maximum and on the holds of that moment, which
 * nobody knows afterwards. Noting it is not waited for. Where it fails it is tried again with the next call that passes in the same
 * grace; a process that dies before the note is durable begins the grace with the next such call. Safe for many threads.
 */
public final class Graces {
    /** Notes remembered; beyond, they are sent once more, which is harmless. */
    private static final int NOTED_MAX = 10_000;

    private final Ledger ledger;
    private final Set<Note> noted = ConcurrentHashMap.newKeySet();

    private record Note(CounterKey counter, Instant since) {}

    public Graces(Ledger ledger) {
        this.ledger = ledger;
    }

    void granted(Hold hold, Levels levels) {
        List<Charge> charges = hold.charges();
        for (int i = 0; i < charges.size(); i++) {
            var since = levels.past(i).exceededAt();
            if (since != null) {
                note(new Note(charges.get(i).counter(), since));
            }
        }
    }

    private void note(Note note) {
        if (noted.size() >= NOTED_MAX) {
            noted.clear();
        }
        if (noted.add(note)) {
            var _ = ledger.exceeded(note.counter, note.since).whenComplete((_, failure) -> {
                if (failure != null) {
                    noted.remove(note);
                }
            });
        }
    }
}
