-- Instants are whole microseconds since 1970 in UTC, money is picodollars. The organization leads every key, and no key crosses
-- organizations: the tables can be spread by it. STRICT, or an overflowing sum would silently become a floating-point number.

-- The unit prices that events were priced at, once per combination: with an event's token buckets they give its receipt back.
CREATE TABLE applied_price (
    id INTEGER PRIMARY KEY,
    price_row TEXT NOT NULL,
    tier TEXT NOT NULL,
    price_tier TEXT NOT NULL,
    long_context INTEGER NOT NULL,
    unit_prices TEXT NOT NULL,
    UNIQUE (price_row, tier, price_tier, long_context, unit_prices)
) STRICT;

-- number: the order of the ledger. levels: the meters whose quantity was reported as a level instead of added.
CREATE TABLE usage_event (
    number INTEGER PRIMARY KEY,
    organization TEXT NOT NULL,
    id BLOB NOT NULL,
    time INTEGER NOT NULL,
    subject TEXT,
    api_key TEXT,
    provider TEXT,
    model TEXT,
    feature TEXT,
    session TEXT,
    workflow TEXT,
    dimensions TEXT,
    requests INTEGER NOT NULL,
    tokens_input INTEGER NOT NULL,
    tokens_output INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    quantities TEXT,
    levels TEXT,
    cost INTEGER NOT NULL,
    price INTEGER,
    input INTEGER NOT NULL,
    cached_input INTEGER NOT NULL,
    cache_write_5m INTEGER NOT NULL,
    cache_write_1h INTEGER NOT NULL,
    input_audio INTEGER NOT NULL,
    output INTEGER NOT NULL,
    output_audio INTEGER NOT NULL,
    reasoning INTEGER NOT NULL,
    evidence INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    error_type TEXT,
    latency_ms INTEGER NOT NULL,
    queue_wait_ms INTEGER NOT NULL,
    late INTEGER NOT NULL,
    metadata TEXT,
    fingerprint INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX usage_event_id ON usage_event (organization, id);
-- For what one subject did.
CREATE INDEX usage_event_subject ON usage_event (organization, subject, time);
-- For recounts and exports. It grows at its end and costs little.
CREATE INDEX usage_event_time ON usage_event (organization, time);

-- The start of the window comes before whose it is: the rows that are written now lie side by side.
-- level_time: the time of the newest level reported, null where there was none.
CREATE TABLE window_sum (
    organization TEXT NOT NULL,
    counted TEXT NOT NULL,
    window_start INTEGER NOT NULL,
    scope_value TEXT NOT NULL,
    window_end INTEGER NOT NULL,
    used INTEGER NOT NULL,
    level_time INTEGER,
    PRIMARY KEY (organization, counted, window_start, scope_value)
) STRICT, WITHOUT ROWID;

-- For the start, which reads the windows that have not ended, and only these.
CREATE INDEX window_sum_end ON window_sum (window_end);

-- Absent dimensions are the empty text, since a key must not contain null.
CREATE TABLE usage_hour (
    organization TEXT NOT NULL,
    hour INTEGER NOT NULL,
    subject TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    feature TEXT NOT NULL,
    events INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    tokens_input INTEGER NOT NULL,
    tokens_output INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    input INTEGER NOT NULL,
    cached_input INTEGER NOT NULL,
    cache_write_5m INTEGER NOT NULL,
    cache_write_1h INTEGER NOT NULL,
    input_audio INTEGER NOT NULL,
    output INTEGER NOT NULL,
    output_audio INTEGER NOT NULL,
    reasoning INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    latency_ms INTEGER NOT NULL,
    PRIMARY KEY (organization, hour, subject, provider, model, feature)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog_document (
    kind TEXT NOT NULL,
    organization TEXT NOT NULL,
    document_key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (organization, kind, document_key)
) STRICT, WITHOUT ROWID;
