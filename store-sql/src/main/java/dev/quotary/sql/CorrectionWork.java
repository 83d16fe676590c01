package dev.quotary.sql;

import dev.quotary.ledger.Correction;
import dev.quotary.ledger.Follower;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Corrects costs in line with the appends: entries, rollups and sums in one transaction, of which the follower learns the new sums.
 *
 * <p>A sum moves by the difference, as the events are in it already. One from before its thing was counted without a gap is left alone, as
 * nobody knows which events are in it. Where use was set back by hand meanwhile, the difference may be larger than what is left: the rest
 * is noted beside the resets, so that the sum stays what the events and the entries make it.
 */
final class CorrectionWork implements Work {
    private static final String READ = """
            SELECT used, level_time FROM window_sum
            WHERE organization = ? AND counted = ? AND window_start = ? AND scope_value = ?""";

    private final List<Correction> corrections;
    private final Follower follower;
    private final List<Boolean> made = new ArrayList<>();
    private final Map<CounterKey, Tally> sums = new LinkedHashMap<>();
    private final CompletableFuture<List<Boolean>> answer = new CompletableFuture<>();

    CorrectionWork(List<Correction> corrections, Follower follower) {
        this.corrections = corrections;
        this.follower = follower;
    }

    CompletableFuture<List<Boolean>> answer() {
        return answer;
    }

    @Override
    public int rows() {
        return Math.max(1, corrections.size());
    }

    @Override
    public void expect(Tables tables) {
        made.clear();
        sums.clear();
        for (var correction : corrections) {
            tables.events().expect(correction.organization());
            price(correction).ifPresent(tables.events()::expect);
        }
    }

    @Override
    public void write(Tables tables) throws SQLException {
        tables.flush();
        for (var correction : corrections) {
            var session = tables.session();
            var cost = CostCorrections.cost(session, correction.organization(), correction.event());
            boolean right = cost != null && cost == correction.before().picos();
            made.add(right);
            if (right) {
                correct(tables, correction);
            }
        }
        sums.forEach((counter, tally) -> {
            tables.sums().put(counter, tally);
            if (counts(counter)) {
                tables.recounted(counter, tally.used());
            }
        });
    }

    /** Of what does not count any more, nobody keeps counters. */
    private boolean counts(CounterKey counter) {
        return counter.countsUntil().isAfter(corrections.getFirst().at());
    }

    private void correct(Tables tables, Correction correction) throws SQLException {
        var session = tables.session();
        var after = correction.after();
        var price = price(correction);
        CostCorrections.append(
                session, correction, price.isPresent() ? tables.prices().id(price.get()) : null);
        long difference = after.amounts().cost().picos() - correction.before().picos();
        if (difference == 0) {
            return;
        }
        var event = Events.find(session, correction.organization(), correction.event())
                .orElseThrow(() -> new IllegalStateException("event " + correction.event() + " is gone"));
        HourlyRollup.correct(session, event, difference);
        for (var counter : correction.counters()) {
            move(session, counter, difference, correction);
        }
    }

    private static Optional<AppliedPrice> price(Correction correction) {
        var after = correction.after();
        return after.receipt()
                .map(receipt ->
                        AppliedPrice.of(receipt, after.tokens(), after.facts().served()));
    }

    private void move(Session session, Correction.Counter moved, long difference, Correction correction)
            throws SQLException {
        var counter = moved.key();
        @Nullable Tally known = sums.get(counter);
        @Nullable Tally stored = known == null ? stored(session, moved) : known;
        if (stored == null) {
            return;
        }
        // Neither a sum below 0 nor one over the largest number: the events' own sum stops there, too.
        long used =
                difference > 0 ? Saturating.add(stored.used(), difference) : Math.max(0, stored.used() + difference);
        if (difference < 0 && stored.used() + difference < 0) {
            CounterEntries.corrected(session, counter, stored.used() + difference, correction.at());
        }
        sums.put(counter, new Tally(used, stored.levelTime()));
    }

    /** Null where the counter has no sum, or one that lacks events. */
    private static @Nullable Tally stored(Session session, Correction.Counter moved) throws SQLException {
        var counter = moved.key();
        long since = CountedSince.of(session, counter.organization().value(), counter.text());
        if (Micros.of(counter.window().start()) < since) {
            return null;
        }
        WindowSums.fillKey(session.fill(READ), counter);
        try (var row = session.prepared(READ).executeQuery()) {
            if (!row.next()) {
                return moved.complete() ? new Tally(0, null) : null;
            }
            var columns = new Columns(row);
            return new Tally(columns.number(), columns.numberOrNull());
        }
    }

    @Override
    public void durable() {
        sums.forEach((counter, tally) -> {
            if (counts(counter)) {
                follower.recounted(counter, tally.used());
            }
        });
    }

    @Override
    public void completed() {
        answer.complete(List.copyOf(made));
    }

    @Override
    public void failed(StoreUnavailableException why) {
        answer.completeExceptionally(why);
    }
}
