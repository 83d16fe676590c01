package dev.quotary.sql;

import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.limit.Posting;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Appends one batch, all of it or nothing.
 *
 * <p>The insert itself tells whether an id is new. Only when an entry does not match what is stored under its id are the inserts of this
 * batch taken back, one by one: cheaper than a savepoint for every batch, as mismatches hardly ever happen. Sums move after that, so
 * that they need not be taken back.
 */
final class AppendWork implements Work {
    private final List<Draft> drafts;
    private final Follower follower;
    private final List<Appended> answers;
    private final List<Draft> inserted;
    private final List<Entry> recorded;
    private final CompletableFuture<List<Appended>> answer = new CompletableFuture<>();

    AppendWork(List<Draft> drafts, Follower follower) {
        this.drafts = drafts;
        this.follower = follower;
        this.answers = new ArrayList<>(drafts.size());
        this.inserted = new ArrayList<>(drafts.size());
        this.recorded = new ArrayList<>(drafts.size());
    }

    List<Draft> drafts() {
        return drafts;
    }

    CompletableFuture<List<Appended>> answer() {
        return answer;
    }

    @Override
    public int rows() {
        return drafts.size();
    }

    @Override
    public void expect(Tables tables) {
        answers.clear();
        inserted.clear();
        recorded.clear();
        drafts.forEach(tables.events()::expect);
    }

    @Override
    public void write(Tables tables) throws SQLException {
        boolean matches = true;
        for (var draft : drafts) {
            var appended = append(draft, tables.events());
            answers.add(appended);
            matches &= !(appended instanceof Appended.Mismatch);
        }
        if (matches) {
            count(tables);
        } else {
            takeBack(tables.events());
        }
    }

    private Appended append(Draft draft, Events events) throws SQLException {
        var event = draft.entry().event();
        if (events.insert(draft)) {
            inserted.add(draft);
            return new Appended.Recorded(event);
        }
        var stored = events.stored(draft);
        return stored.fingerprint() == event.fingerprint()
                ? new Appended.Duplicate(stored)
                : new Appended.Mismatch(stored);
    }

    private void count(Tables tables) throws SQLException {
        for (var draft : inserted) {
            var entry = draft.entry();
            var stale = tables.sums().apply(entry.postings(), draft.time());
            tables.rollUp(draft);
            var counting = stale.isEmpty() ? entry : without(entry, stale);
            recorded.add(counting);
            tables.recorded(counting);
        }
    }

    private static Entry without(Entry entry, List<Posting> stale) {
        var counting = entry.postings().stream().filter(posting -> !stale.contains(posting));
        return new Entry(entry.event(), counting.toList(), entry.levels());
    }

    /** Entries that would have been recorded but for another one answer {@code Mismatch} too, with themselves. */
    private void takeBack(Events events) throws SQLException {
        Set<Object> ids = new HashSet<>();
        for (var draft : inserted) {
            var event = draft.entry().event();
            events.delete(event.call().organization(), event.id());
            ids.add(List.of(event.call().organization(), event.id()));
        }
        for (int i = 0; i < answers.size(); i++) {
            var event = drafts.get(i).entry().event();
            if (!(answers.get(i) instanceof Appended.Mismatch)
                    && ids.contains(List.of(event.call().organization(), event.id()))) {
                answers.set(i, new Appended.Mismatch(event));
            }
        }
    }

    @Override
    public Optional<Proof> proof() {
        return recorded.stream()
                .findFirst()
                .map(Entry::event)
                .map(event -> new Proof(event.call().organization(), event.id()));
    }

    @Override
    public void durable() {
        recorded.forEach(follower::recorded);
    }

    @Override
    public void completed() {
        answer.complete(List.copyOf(answers));
    }

    @Override
    public void failed(StoreUnavailableException why) {
        answer.completeExceptionally(why);
    }
}
