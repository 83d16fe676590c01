package dev.quotary.api.export;

import dev.quotary.ledger.Corrections.Recorded;

/** Writes events in one format, in the order of their times. */
public interface EventWriter {
    /** What goes before the first event; left out where a file is gone on with. */
    void head(StringBuilder out);

    /** An event, or nothing yet where events are summed up. */
    void event(StringBuilder out, Recorded recorded);

    /** What was not written yet. */
    void end(StringBuilder out);
}
