package dev.quotary.sql;

import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Recount;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Sums counters up anew. In line with the appends, so that the follower learns each sum at its place among the events. */
final class RecountWork implements Work {
    private final List<Recount> recounts;
    private final Follower follower;
    private final Map<CounterKey, Long> sums = new LinkedHashMap<>();
    private final CompletableFuture<Void> answer = new CompletableFuture<>();

    RecountWork(List<Recount> recounts, Follower follower) {
        this.recounts = recounts;
        this.follower = follower;
    }

    CompletableFuture<Void> answer() {
        return answer;
    }

    /** It reads many rows: nothing else is taken into its transaction. */
    @Override
    public int rows() {
        return GroupWriter.ROWS_PER_TRANSACTION;
    }

    @Override
    public void expect(Tables tables) {
        sums.clear();
        recounts.forEach(recount -> tables.events().expect(recount.organization()));
    }

    @Override
    public void write(Tables tables) throws SQLException {
        CountedSince.put(tables.session(), recounts);
        for (var recount : recounts) {
            tables.flush();
            var takenOff = CounterEntries.takenOff(tables.session(), recount);
            RecountQuery.run(recount, tables.session()).forEach((scopeValue, tally) -> {
                tally.takeOff(takenOff.getOrDefault(scopeValue, 0L));
                var counter = new CounterKey(recount.organization(), recount.counted(), scopeValue, recount.window());
                tables.sums().put(counter, tally);
                sums.put(counter, tally.used());
                tables.recounted(counter, tally.used());
            });
        }
    }

    @Override
    public void durable() {
        sums.forEach(follower::recounted);
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
