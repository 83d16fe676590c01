-- Who changed what in the catalog, and when: written with the change, in its transaction, and never changed afterwards.
-- number: the order of the log. organization, kind, object_key: the thing, as in catalog_document; of things of the whole server
-- organization is the empty text. before_body and after_body are JSON without secrets, null where there was or is nothing.
CREATE TABLE audit_entry (
    number INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    organization TEXT NOT NULL,
    kind TEXT NOT NULL,
    object_key TEXT NOT NULL,
    action TEXT NOT NULL,
    before_body TEXT,
    after_body TEXT
) STRICT;

-- For each way to ask: of an organization, of a thing, by somebody, in a stretch of time. All of them newest first.
CREATE INDEX audit_entry_organization ON audit_entry (organization, number);
CREATE INDEX audit_entry_object ON audit_entry (kind, object_key, number);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, number);
CREATE INDEX audit_entry_time ON audit_entry (time);
