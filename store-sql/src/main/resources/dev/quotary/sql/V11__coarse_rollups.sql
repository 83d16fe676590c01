-- Sums of hourly rows, made afterwards: of those before the organization's place in usage_fold, which is the first row that is not in them.
CREATE TABLE usage_fold (
    organization TEXT NOT NULL PRIMARY KEY,
    hour INTEGER NOT NULL,
    subject TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    feature TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- By day of UTC, with all that an hourly row tells apart.
CREATE TABLE usage_day (
    organization TEXT NOT NULL,
    day INTEGER NOT NULL,
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
    queue_wait_ms INTEGER NOT NULL,
    PRIMARY KEY (organization, day, subject, provider, model, feature)
) STRICT, WITHOUT ROWID;

-- By month of UTC and subject.
CREATE TABLE usage_month (
    organization TEXT NOT NULL,
    month INTEGER NOT NULL,
    subject TEXT NOT NULL,
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
    queue_wait_ms INTEGER NOT NULL,
    PRIMARY KEY (organization, month, subject)
) STRICT, WITHOUT ROWID;

-- By hour, of all subjects together.
CREATE TABLE usage_total (
    organization TEXT NOT NULL,
    hour INTEGER NOT NULL,
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
    queue_wait_ms INTEGER NOT NULL,
    PRIMARY KEY (organization, hour, provider, model, feature)
) STRICT, WITHOUT ROWID;

-- For the subjects that cost most.
CREATE INDEX usage_month_cost ON usage_month (organization, month, cost);
