-- Whose use counts as another's since: anonymous visitors that became accounts. Once each and for good; what moved are entries of kind 4.
-- kind 4 of counter_entry: another subject's use that counts here since; amount is below 0, actor that subject.
CREATE TABLE subject_move (
    organization TEXT NOT NULL,
    subject TEXT NOT NULL,
    moved_into TEXT NOT NULL,
    time INTEGER NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (organization, subject)
) STRICT, WITHOUT ROWID;

-- For the start.
CREATE INDEX subject_move_time ON subject_move (time);
