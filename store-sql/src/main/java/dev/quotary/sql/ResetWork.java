package dev.quotary.sql;

import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Reset;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sets counters back, in line with the appends: what was posted before is taken off, what is posted afterwards counts. */
final class ResetWork implements Work {
    private final List<CounterKey> counters;
    private final Instant at;
    private final String by;
    private final Follower follower;
    private final List<Reset> resets = new ArrayList<>();
    private final CompletableFuture<List<Reset>> answer = new CompletableFuture<>();

    ResetWork(List<CounterKey> counters, Instant at, String by, Follower follower) {
        this.counters = counters;
        this.at = Micros.instant(Micros.of(at));
        this.by = by;
        this.follower = follower;
    }

    CompletableFuture<List<Reset>> answer() {
        return answer;
    }

    @Override
    public int rows() {
        return Math.max(1, counters.size());
    }

    @Override
    public void expect(Tables tables) {
        resets.clear();
        counters.forEach(counter -> tables.events().expect(counter.organization()));
    }

    @Override
    public void write(Tables tables) throws SQLException {
        tables.flush();
        for (var counter : counters) {
            var session = tables.session();
            var stored = WindowSums.read(session, counter);
            boolean graced = CounterEntries.grace(session, counter).since() != null;
            if (stored.used() > 0 || graced) {
                CounterEntries.reset(session, counter, stored.used(), at, by);
                tables.sums().put(counter, new Tally(0, stored.levelTime()));
                tables.recounted(counter, 0);
                resets.add(new Reset(
                        counter.organization(),
                        counter.text(),
                        counter.scopeValue(),
                        counter.window().start(),
                        stored.used(),
                        at,
                        by));
            }
        }
    }

    @Override
    public void durable() {
        for (var counter : counters) {
            follower.recounted(counter, 0);
            follower.exceeded(counter, null);
        }
    }

    @Override
    public void completed() {
        answer.complete(List.copyOf(resets));
    }

    @Override
    public void failed(StoreUnavailableException why) {
        answer.completeExceptionally(why);
    }
}
