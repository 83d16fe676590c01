package dev.quotary.sql;

import dev.quotary.ledger.Entry;
import dev.quotary.limit.CounterKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the writer writes to, over one session. What is gathered or remembered here dies with the session after a failure. */
final class Tables implements AutoCloseable {
    private final Session session;
    private final LedgerParticipant participant;
    private final AppliedPrices prices;
    private final WindowSums sums;
    private final HourlyRollup hours;
    private final MeterRollup meters;
    private final List<Entry> recorded = new ArrayList<>();
    private final Map<CounterKey, Long> recounted = new LinkedHashMap<>();
    /** Of the transaction that runs. */
    private Events events;

    /** @param session without auto-commit */
    Tables(Session session, LedgerParticipant participant) {
        this.session = session;
        this.participant = participant;
        this.prices = new AppliedPrices(session);
        this.sums = new WindowSums(session);
        this.hours = new HourlyRollup(session);
        this.meters = new MeterRollup(session);
        this.events = session.dialect().events(session, prices);
    }

    Session session() {
        return session;
    }

    Events events() {
        return events;
    }

    AppliedPrices prices() {
        return prices;
    }

    WindowSums sums() {
        return sums;
    }

    /** An event is recorded in this transaction: it counts in the rollups. */
    void rollUp(Draft draft) {
        hours.add(draft.entry().event(), draft.time());
        meters.add(draft);
    }

    /** Writes all works in one transaction and commits it. */
    void write(List<Work> group) throws SQLException {
        events = session.dialect().events(session, prices);
        for (var work : group) {
            work.expect(this);
        }
        events.begin();
        for (var work : group) {
            work.write(this);
        }
        commit();
    }

    /** An entry is recorded in this transaction. */
    void recorded(Entry entry) {
        recorded.add(entry);
    }

    /** A counter was summed up anew in this transaction. */
    void recounted(CounterKey counter, long used) {
        recounted.put(counter, used);
    }

    /** What was gathered is there for every later statement of the transaction. */
    void flush() throws SQLException {
        events.flush();
        sums.flush();
        hours.flush();
        meters.flush();
    }

    private void commit() throws SQLException {
        flush();
        if (!recorded.isEmpty() || !recounted.isEmpty()) {
            participant.write(session.connection(), List.copyOf(recorded), Map.copyOf(recounted));
            recorded.clear();
            recounted.clear();
        }
        session.commit();
    }

    /** Closes without committing: what was not committed is rolled back. */
    @Override
    public void close() throws SQLException {
        session.close();
    }
}
