-- What the reporter of a CloudEvent called it, and when it came in; null in all other rows.
ALTER TABLE usage_event ADD COLUMN source text COLLATE "C";
ALTER TABLE usage_event ADD COLUMN name text COLLATE "C";
ALTER TABLE usage_event ADD COLUMN type text COLLATE "C";
ALTER TABLE usage_event ADD COLUMN received bigint;

-- Sums of declared meters by hour. subject is the empty text for none; dimensions are provider, model, feature and declared ones, as words.
-- row_id: a digest of subject and dimensions, which may be too long for a key; value_id: of the value.
-- latest, latest_time: of the newest level reported, null where there was none.
CREATE TABLE meter_hour (
    organization text COLLATE "C" NOT NULL,
    meter text COLLATE "C" NOT NULL,
    hour bigint NOT NULL,
    row_id bytea NOT NULL,
    subject text COLLATE "C" NOT NULL,
    dimensions text COLLATE "C" NOT NULL,
    events bigint NOT NULL,
    amount bigint NOT NULL,
    least bigint NOT NULL,
    most bigint NOT NULL,
    latest bigint,
    latest_time bigint,
    PRIMARY KEY (organization, meter, hour, row_id)
) WITH (fillfactor = 80);

-- The different values of meters of aggregation unique.
CREATE TABLE meter_value (
    organization text COLLATE "C" NOT NULL,
    meter text COLLATE "C" NOT NULL,
    hour bigint NOT NULL,
    row_id bytea NOT NULL,
    subject text COLLATE "C" NOT NULL,
    dimensions text COLLATE "C" NOT NULL,
    value_id bytea NOT NULL,
    value text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization, meter, hour, row_id, value_id)
);
