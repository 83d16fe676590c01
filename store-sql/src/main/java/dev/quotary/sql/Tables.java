package dev.quotary.sql;

import java.sql.SQLException;

/** What the writer writes to, over one session. What is gathered or remembered here dies with the session after a failure. */
final class Tables implements AutoCloseable {
    private final Session session;
    private final Events events;
    private final WindowSums sums;
    private final HourlyRollup hours;

    /** @param session without auto-commit */
    Tables(Session session) {
        this.session = session;
        this.events = new Events(session);
        this.sums = new WindowSums(session);
        this.hours = new HourlyRollup(session);
    }

    Session session() {
        return session;
    }

    Events events() {
        return events;
    }

    WindowSums sums() {
        return sums;
    }

    HourlyRollup hours() {
        return hours;
    }

    void commit() throws SQLException {
        sums.flush();
        hours.flush();
        session.connection().commit();
    }

    /** Closes without committing: what was not committed is rolled back. */
    @Override
    public void close() throws SQLException {
        session.close();
    }
}
