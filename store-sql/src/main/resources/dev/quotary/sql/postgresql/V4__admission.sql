-- What group admission keeps. The organization leads every key, so that the tables can be spread by it.

-- Locked first by whoever changes what an organization holds, until the end of its transaction.
CREATE TABLE admission_gate (
    organization TEXT COLLATE "C" PRIMARY KEY
);

-- What live reservations hold on a counter; committed use is the ledger's, in window_sum.
-- counter: a digest of counted and scope_value, short enough to be found fast.
-- exceeded_at: when the grace of its limit began, in microseconds; null for not yet.
-- Rows change with every decision: the room left in a page lets them change without touching an index.
CREATE TABLE counter_held (
    organization TEXT COLLATE "C" NOT NULL,
    counter BYTEA NOT NULL,
    window_start BIGINT NOT NULL,
    window_end BIGINT NOT NULL,
    held BIGINT NOT NULL CHECK (held >= 0),
    exceeded_at BIGINT,
    counted TEXT COLLATE "C" NOT NULL,
    scope_value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organization, counter, window_start)
) WITH (fillfactor = 50);

-- state: 1 held, 2 expired (counts nothing, may commit late), 3 closed by a release.
-- keep_second: when a row that is held no more may be deleted; null while it is held.
CREATE TABLE reservation (
    organization TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL,
    state SMALLINT NOT NULL,
    expires_second BIGINT NOT NULL,
    keep_second BIGINT,
    origin SMALLINT NOT NULL,
    node TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (organization, id)
);

CREATE INDEX reservation_due ON reservation (organization, expires_second) WHERE state = 1;
CREATE INDEX reservation_old ON reservation (keep_second) WHERE keep_second IS NOT NULL;

-- For deleting what ended long ago.
CREATE INDEX counter_held_old ON counter_held (window_end);

-- The processes that share the database. alive_until is the database's time; declared: the version of the catalog it decides by.
CREATE TABLE node (
    node TEXT COLLATE "C" PRIMARY KEY,
    alive_until TIMESTAMPTZ NOT NULL,
    declared BIGINT NOT NULL
);

-- Grows with every change of the catalog, in the transaction that changes it; its lock puts changes in an order.
CREATE TABLE catalog_version (
    only_row BOOLEAN PRIMARY KEY CHECK (only_row),
    version BIGINT NOT NULL
) WITH (fillfactor = 50);

INSERT INTO catalog_version VALUES (true, 1);

-- The version that a document was last changed in.
ALTER TABLE catalog_document ADD COLUMN changed_in BIGINT NOT NULL DEFAULT 1;

CREATE INDEX catalog_document_changed ON catalog_document (changed_in);
