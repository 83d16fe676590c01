-- fees: counts beyond the columns of tokens, as words. parts: what other models used within the call, a line of words each.
-- Null in nearly all rows, where they take a byte each.
ALTER TABLE usage_event ADD COLUMN fees TEXT;
ALTER TABLE usage_event ADD COLUMN parts TEXT;
