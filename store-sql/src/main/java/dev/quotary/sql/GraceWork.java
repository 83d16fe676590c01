package dev.quotary.sql;

import dev.quotary.ledger.Follower;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Notes when the grace of a counter began, unless it is known already or the counter was set back since. */
final class GraceWork implements Work {
    private final CounterKey counter;
    private final Instant at;
    private final Follower follower;
    private boolean news;
    private final CompletableFuture<Void> answer = new CompletableFuture<>();

    GraceWork(CounterKey counter, Instant at, Follower follower) {
        this.counter = counter;
        this.at = at;
        this.follower = follower;
    }

    CompletableFuture<Void> answer() {
        return answer;
    }

    @Override
    public int rows() {
        return 1;
    }

    @Override
    public void expect(Tables tables) {
        tables.events().expect(counter.organization());
    }

    @Override
    public void write(Tables tables) throws SQLException {
        news = CounterEntries.grace(tables.session(), counter).begins(Micros.of(at));
        if (news) {
            CounterEntries.grace(tables.session(), counter, at);
        }
    }

    @Override
    public void durable() {
        if (news) {
            follower.exceeded(counter, at);
        }
    }

    @Override
    public void completed() {
        answer.complete(null);
    }

    @Override
    public void failed(StoreUnavailableException why) {
        answer.completeExceptionally(why);
    }
}
