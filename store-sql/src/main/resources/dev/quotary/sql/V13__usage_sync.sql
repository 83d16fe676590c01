-- Batches of use that are accepted before they are recorded. state: 0 pending, 1 parked, 2 done; at: when it is due, else since when it is so.
CREATE TABLE usage_sync (
    organization TEXT NOT NULL,
    id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    records INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    content TEXT NOT NULL,
    version INTEGER NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    at INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    failure_code TEXT,
    failure_detail TEXT,
    failed_at INTEGER,
    PRIMARY KEY (organization, id)
) STRICT;

-- For what is due, and for what may be forgotten.
CREATE INDEX usage_sync_at ON usage_sync (state, at);

-- For lists, and to count what is open; those that are done are by far the most.
CREATE INDEX usage_sync_organization ON usage_sync (organization, state, id);
