-- Sums of hourly rows, made afterwards: of those before the organization's place in usage_fold, which is the first row that is not in them.
CREATE TABLE usage_fold (
    hour bigint NOT NULL,
    organization text COLLATE "C" PRIMARY KEY,
    subject text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    feature text COLLATE "C" NOT NULL
) WITH (fillfactor = 50);

-- By day of UTC, with all that an hourly row tells apart.
CREATE TABLE usage_day (
    day bigint NOT NULL,
    events bigint NOT NULL,
    errors bigint NOT NULL,
    requests bigint NOT NULL,
    tokens_input bigint NOT NULL,
    tokens_output bigint NOT NULL,
    tokens bigint NOT NULL,
    input bigint NOT NULL,
    cached_input bigint NOT NULL,
    cache_write_5m bigint NOT NULL,
    cache_write_1h bigint NOT NULL,
    input_audio bigint NOT NULL,
    output bigint NOT NULL,
    output_audio bigint NOT NULL,
    reasoning bigint NOT NULL,
    cost bigint NOT NULL,
    latency_ms bigint NOT NULL,
    queue_wait_ms bigint NOT NULL,
    organization text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    feature text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization, day, subject, provider, model, feature)
) WITH (fillfactor = 80);

-- By month of UTC and subject.
CREATE TABLE usage_month (
    month bigint NOT NULL,
    events bigint NOT NULL,
    errors bigint NOT NULL,
    requests bigint NOT NULL,
    tokens_input bigint NOT NULL,
    tokens_output bigint NOT NULL,
    tokens bigint NOT NULL,
    input bigint NOT NULL,
    cached_input bigint NOT NULL,
    cache_write_5m bigint NOT NULL,
    cache_write_1h bigint NOT NULL,
    input_audio bigint NOT NULL,
    output bigint NOT NULL,
    output_audio bigint NOT NULL,
    reasoning bigint NOT NULL,
    cost bigint NOT NULL,
    latency_ms bigint NOT NULL,
    queue_wait_ms bigint NOT NULL,
    organization text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization, month, subject)
) WITH (fillfactor = 80);

-- By hour, of all subjects together.
CREATE TABLE usage_total (
    hour bigint NOT NULL,
    events bigint NOT NULL,
    errors bigint NOT NULL,
    requests bigint NOT NULL,
    tokens_input bigint NOT NULL,
    tokens_output bigint NOT NULL,
    tokens bigint NOT NULL,
    input bigint NOT NULL,
    cached_input bigint NOT NULL,
    cache_write_5m bigint NOT NULL,
    cache_write_1h bigint NOT NULL,
    input_audio bigint NOT NULL,
    output bigint NOT NULL,
    output_audio bigint NOT NULL,
    reasoning bigint NOT NULL,
    cost bigint NOT NULL,
    latency_ms bigint NOT NULL,
    queue_wait_ms bigint NOT NULL,
    organization text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    feature text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization, hour, provider, model, feature)
) WITH (fillfactor = 80);

-- For the subjects that cost most.
CREATE INDEX usage_month_cost ON usage_month (organization, month, cost);
