-- Batches of use that are accepted before they are recorded. state: 0 pending, 1 parked, 2 done; at: when it is due, else since when it is so.
CREATE TABLE usage_sync (
    records bigint NOT NULL,
    fingerprint bigint NOT NULL,
    accepted_at bigint NOT NULL,
    version bigint NOT NULL,
    state bigint NOT NULL,
    attempts bigint NOT NULL,
    at bigint NOT NULL,
    recorded bigint NOT NULL,
    duplicates bigint NOT NULL,
    failed_at bigint,
    organization text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    failure_code text COLLATE "C",
    failure_detail text COLLATE "C",
    content text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization, id)
);

-- For what is due, and for what may be forgotten.
CREATE INDEX usage_sync_at ON usage_sync (state, at);

-- For lists, and to count what is open; those that are done are by far the most.
CREATE INDEX usage_sync_organization ON usage_sync (organization, state, id);
