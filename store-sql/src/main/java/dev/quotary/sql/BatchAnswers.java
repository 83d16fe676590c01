package dev.quotary.sql;

import dev.quotary.ledger.Appended;
import dev.quotary.ledger.UsageEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers to one batch, decided before anything of it is written: all of it or nothing.
 *
 * @param answers one per entry
 * @param recorded the entries to write; none where an entry does not match what is stored
 */
record BatchAnswers(List<Appended> answers, List<Draft> recorded) {

    /** Finds the event that is stored under the id of another one. */
    interface Known {
        @Nullable UsageEvent event(UsageEvent sameId) throws SQLException;
    }

    static BatchAnswers of(List<Draft> batch, Known known) throws SQLException {
        if (batch.size() == 1) {
            return ofOne(batch, known);
        }
        Map<EventKey, UsageEvent> fresh = new HashMap<>();
        var answers = new ArrayList<Appended>(batch.size());
        var recorded = new ArrayList<Draft>(batch.size());
        boolean matches = true;
        for (var draft : batch) {
            var event = draft.entry().event();
            var key = EventKey.of(event);
            var before = fresh.containsKey(key) ? fresh.get(key) : known.event(event);
            var answer = answer(event, before);
            answers.add(answer);
            matches &= !(answer instanceof Appended.Mismatch);
            if (answer instanceof Appended.Recorded) {
                fresh.put(key, event);
                recorded.add(draft);
            }
        }
        return matches ? new BatchAnswers(answers, recorded) : keptOut(batch, answers, fresh);
    }

    private static BatchAnswers ofOne(List<Draft> batch, Known known) throws SQLException {
        var event = batch.getFirst().entry().event();
        var answer = answer(event, known.event(event));
        return new BatchAnswers(List.of(answer), answer instanceof Appended.Recorded ? batch : List.of());
    }

    private static Appended answer(UsageEvent event, @Nullable UsageEvent before) {
        if (before == null) {
            return new Appended.Recorded(event);
        }
        return before.fingerprint() == event.fingerprint()
                ? new Appended.Duplicate(before)
                : new Appended.Mismatch(before);
    }

    /** Entries that would have been recorded but for another one answer {@code Mismatch} too, with themselves. */
    private static BatchAnswers keptOut(List<Draft> batch, List<Appended> answers, Map<EventKey, UsageEvent> fresh) {
        for (int i = 0; i < answers.size(); i++) {
            var event = batch.get(i).entry().event();
            if (!(answers.get(i) instanceof Appended.Mismatch) && fresh.containsKey(EventKey.of(event))) {
                answers.set(i, new Appended.Mismatch(event));
            }
        }
        return new BatchAnswers(answers, List.of());
    }
}
