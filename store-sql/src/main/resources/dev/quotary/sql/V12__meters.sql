-- What the reporter of a CloudEvent called it, and when it came in; null in all other rows.
ALTER TABLE usage_event ADD COLUMN source TEXT;
ALTER TABLE usage_event ADD COLUMN name TEXT;
ALTER TABLE usage_event ADD COLUMN type TEXT;
ALTER TABLE usage_event ADD COLUMN received INTEGER;

-- Sums of declared meters by hour. subject is the empty text for none; dimensions are provider, model, feature and declared ones, as words.
-- row_id: a digest of subject and dimensions, which may be too long for a key; value_id: of the value.
-- latest, latest_time: of the newest level reported, null where there was none.
CREATE TABLE meter_hour (
    organization TEXT NOT NULL,
    meter TEXT NOT NULL,
    hour INTEGER NOT NULL,
    row_id BLOB NOT NULL,
    subject TEXT NOT NULL,
    dimensions TEXT NOT NULL,
    events INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    least INTEGER NOT NULL,
    most INTEGER NOT NULL,
    latest INTEGER,
    latest_time INTEGER,
    PRIMARY KEY (organization, meter, hour, row_id)
) STRICT, WITHOUT ROWID;

-- The different values of meters of aggregation unique.
CREATE TABLE meter_value (
    organization TEXT NOT NULL,
    meter TEXT NOT NULL,
    hour INTEGER NOT NULL,
    row_id BLOB NOT NULL,
    subject TEXT NOT NULL,
    dimensions TEXT NOT NULL,
    value_id BLOB NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (organization, meter, hour, row_id, value_id)
) STRICT, WITHOUT ROWID;
