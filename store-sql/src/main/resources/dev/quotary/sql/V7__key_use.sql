-- When API keys were used last, to some minutes: beside the catalog, whose every change all servers read.
CREATE TABLE key_use (
    key_id TEXT NOT NULL PRIMARY KEY,
    last_used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
