-- For whoever follows the ledger in its order, as live streams of several servers do. It grows at its end and costs little.
CREATE INDEX usage_event_number ON usage_event (organization, number);
