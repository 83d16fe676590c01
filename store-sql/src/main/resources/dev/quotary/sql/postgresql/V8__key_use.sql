-- When API keys were used last, to some minutes: beside the catalog, whose every change all servers read.
CREATE TABLE key_use (
    key_id text COLLATE "C" NOT NULL PRIMARY KEY,
    last_used bigint NOT NULL
);
