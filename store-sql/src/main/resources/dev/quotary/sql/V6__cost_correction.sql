-- Corrections of the costs of events, append-only as these: number counts those of one event. cost_before tells what it cost until then.
-- price, fees, parts and costing are those of the event's own row as they are with the new cost.
CREATE TABLE cost_correction (
    organization TEXT NOT NULL,
    event BLOB NOT NULL,
    number INTEGER NOT NULL,
    time INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    cost_before INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    price INTEGER,
    fees TEXT,
    parts TEXT,
    costing TEXT,
    PRIMARY KEY (organization, event, number)
) STRICT, WITHOUT ROWID;

-- What the last correction of the event says that it costs; null in nearly all rows. Sums of costs go by it.
ALTER TABLE usage_event ADD COLUMN corrected_cost INTEGER;
