-- What moves counters beside use, append-only as the events are.
-- kind 1: set back to 0 by hand; amount is what was taken off, actor the API key that did it.
-- kind 2: the grace of the counter began; amount is 0.
CREATE TABLE counter_entry (
    number INTEGER PRIMARY KEY,
    organization TEXT NOT NULL,
    counted TEXT NOT NULL,
    window_start INTEGER NOT NULL,
    scope_value TEXT NOT NULL,
    window_end INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    time INTEGER NOT NULL,
    actor TEXT
) STRICT;

CREATE INDEX counter_entry_counter ON counter_entry (organization, counted, window_start, scope_value);
-- For what was set back of one subject.
CREATE INDEX counter_entry_scope ON counter_entry (organization, scope_value);
-- For the start.
CREATE INDEX counter_entry_end ON counter_entry (window_end);

-- What was held for the call, as words; null where the event settled no reservation.
ALTER TABLE usage_event ADD COLUMN estimate TEXT;
