package dev.quotary.sql;

import dev.quotary.ledger.Outcome;
import dev.quotary.ledger.UsageEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sums of events by hour and dimensions, gathered in memory during a transaction and written once per row before its end. */
final class HourlyRollup {
    static final long MICROS_PER_HOUR = 3_600_000_000L;
    /** In the order of {@link #values}. */
    static final List<String> SUMS = List.of(
            "events",
            "errors",
            "requests",
            "tokens_input",
            "tokens_output",
            "tokens",
            "input",
            "cached_input",
            "cache_write_5m",
            "cache_write_1h",
            "input_audio",
            "output",
            "output_audio",
            "reasoning",
            "cost",
            "latency_ms",
            "queue_wait_ms");

    private static final Insert UPSERT = Insert.into("usage_hour")
            .texts("organization")
            .numbers("hour")
            .texts("subject", "provider", "model", "feature")
            .numbers(SUMS.toArray(String[]::new))
            .onConflict("(organization, hour, subject, provider, model, feature) DO UPDATE SET "
                    + SUMS.stream()
                            .map(sum -> Saturating.sql("usage_hour", sum))
                            .collect(Collectors.joining(", ")));

    private static final String OF_KEY =
            " WHERE organization = ? AND hour = ? AND subject = ? AND provider = ? AND model = ? AND feature = ?";
    private static final String COST = "SELECT cost FROM usage_hour" + OF_KEY;
    private static final String SET_COST = "UPDATE usage_hour SET cost = ?" + OF_KEY;

    private final Session session;
    private final Map<HourKey, long[]> rows = new HashMap<>();
    private final CoarseRollups coarse;

    HourlyRollup(Session session) {
        this.session = session;
        this.coarse = new CoarseRollups(session);
    }

    /** @param time of the event, in {@link Micros} */
    void add(UsageEvent event, long time) {
        long[] values = values(event);
        var sums = rows.putIfAbsent(key(event, time), values);
        if (sums != null) {
            for (int i = 0; i < values.length; i++) {
                sums[i] = Saturating.add(sums[i], values[i]);
            }
        }
    }

    /** Moves the cost of the row that an event is in. Everything else of the transaction must be written. */
    static void correct(Session session, UsageEvent event, long difference) throws SQLException {
        var key = key(event, Micros.of(event.time()));
        key.into(session.fill(COST));
        try (var row = session.prepared(COST).executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("the hour of event " + event.id() + " is gone");
            }
            key.into(session.fill(SET_COST).number(Saturating.move(row.getLong(1), difference)));
        }
        session.prepared(SET_COST).executeUpdate();
        if (covered(session, key)) {
            CoarseRollups.correct(session, key, difference);
        }
    }

    private static boolean covered(Session session, HourKey key) throws SQLException {
        return FoldPlace.of(session, key.organization())
                .filter(place -> place.covers(key))
                .isPresent();
    }

    private static HourKey key(UsageEvent event, long time) {
        var call = event.call();
        var dimensions = call.dimensions();
        var subject = call.subject();
        return new HourKey(
                call.organization().value(),
                Math.floorDiv(time, MICROS_PER_HOUR) * MICROS_PER_HOUR,
                subject == null ? "" : subject.value(),
                text(dimensions.provider()),
                text(dimensions.model()),
                text(dimensions.feature()));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static long[] values(UsageEvent event) {
        var quantities = event.metered().amounts().quantities();
        var tokens = event.metered().tokens();
        return new long[] {
            1,
            event.result().outcome() == Outcome.ERROR ? 1 : 0,
            quantities.requests(),
            quantities.tokensInput(),
            quantities.tokensOutput(),
            quantities.tokens(),
            tokens.input(),
            tokens.cachedInput(),
            tokens.cacheWrite5m(),
            tokens.cacheWrite1h(),
            tokens.inputAudio(),
            tokens.output(),
            tokens.outputAudio(),
            tokens.reasoning(),
            event.metered().amounts().cost().picos(),
            event.result().latencyMillis(),
            event.result().queueWaitMillis()
        };
    }

    /** Writes what was gathered, in the order of the key. */
    void flush() throws SQLException {
        var ordered = new ArrayList<>(rows.entrySet());
        ordered.sort(Map.Entry.comparingByKey(HourKey.BY_KEY));
        var written = session.rows(UPSERT);
        var places = new HashMap<String, Optional<FoldPlace>>();
        for (var row : ordered) {
            var key = row.getKey();
            key.into(written);
            for (long value : row.getValue()) {
                written.number(value);
            }
            written.end();
            var place = places.get(key.organization());
            if (place == null) {
                place = FoldPlace.of(session, key.organization());
                places.put(key.organization(), place);
            }
            // To what is summed up already, what has come since is added here.
            if (place.filter(known -> known.covers(key)).isPresent()) {
                coarse.add(key, row.getValue());
            }
        }
        written.write();
        coarse.flush();
        rows.clear();
    }
}
