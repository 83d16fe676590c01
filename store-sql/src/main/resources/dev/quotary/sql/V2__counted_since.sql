-- Since which window a thing has been counted without a gap: that in which its sums were last counted anew from the events, as they
-- are when plans begin to count it. Sums of earlier windows may lack events of the time when nothing counted them. A thing without a
-- row has been counted since the organization's first event.
CREATE TABLE counted_since (
    organization TEXT NOT NULL,
    counted TEXT NOT NULL,
    window_start INTEGER NOT NULL,
    PRIMARY KEY (organization, counted)
) STRICT, WITHOUT ROWID;
