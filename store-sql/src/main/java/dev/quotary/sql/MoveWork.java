package dev.quotary.sql;

import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Move;
import dev.quotary.ledger.Moved;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets what one subject has used count as another's, in line with the appends: who was merged into whom and what moves are written in one
 * transaction. What moves is what the events say less what was moved before, so that it may be done again at any time.
 */
final class MoveWork implements Work {
    private final Move move;
    private final Follower follower;
    private final Map<CounterKey, Long> sums = new LinkedHashMap<>();
    private final CompletableFuture<Moved> answer = new CompletableFuture<>();
    private @Nullable Moved stands;

    MoveWork(Move move, Follower follower) {
        this.move = move;
        this.follower = follower;
    }

    CompletableFuture<Moved> answer() {
        return answer;
    }

    @Override
    public int rows() {
        return Math.clamp(move.counters().size(), 1, GroupWriter.ROWS_PER_TRANSACTION);
    }

    @Override
    public void expect(Tables tables) {
        sums.clear();
        stands = null;
        tables.events().expect(move.organization());
    }

    @Override
    public void write(Tables tables) throws SQLException {
        tables.flush();
        var session = tables.session();
        var known = SubjectMoves.find(session, move.organization(), move.from());
        stands = known.isPresent() ? known.get() : SubjectMoves.insert(session, move);
        if (stands.into().equals(move.into())) {
            for (var counter : move.counters()) {
                raise(tables, counter);
            }
        }
    }

    private void raise(Tables tables, CounterKey counter) throws SQLException {
        var session = tables.session();
        var from = new CounterKey(
                counter.organization(), counter.counted(), move.from().value(), counter.window());
        var used = new Tally(RecountQuery.of(from, session), null);
        // What an operator has forgiven the one is not held against the other.
        used.takeOff(CounterEntries.takenOff(session, from));
        long more = used.used() - CounterEntries.movedFrom(session, counter, move.from());
        // Less than before after a correction of costs: what was moved stays, as it was true when an account began with
        // it.
        if (more > 0) {
            var sum = WindowSums.read(session, counter);
            sum.add(more);
            CounterEntries.moved(session, counter, more, move);
            tables.sums().put(counter, sum);
            tables.recounted(counter, sum.used());
            sums.put(counter, sum.used());
        }
    }

    @Override
    public void durable() {
        sums.forEach(follower::recounted);
    }

    @Override
    public void completed() {
        answer.complete(Objects.requireNonNull(stands, "written before it is completed"));
    }

    @Override
    public void failed(StoreUnavailableException why) {
        answer.completeExceptionally(why);
    }
}
