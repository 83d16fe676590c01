-- Which server may do what only one may do at a time, until when. By the clock of the database alone.
-- term: how often it has passed from one server to another.
CREATE TABLE server_lease (
    name text COLLATE "C" PRIMARY KEY,
    holder text COLLATE "C" NOT NULL,
    term bigint NOT NULL,
    expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);
