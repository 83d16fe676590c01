-- Corrections of the costs of events, append-only as these: number counts those of one event. cost_before tells what it cost until then.
-- price, fees, parts and costing are those of the event's own row as they are with the new cost.
CREATE TABLE cost_correction (
    organization text COLLATE "C" NOT NULL,
    event bytea NOT NULL,
    number bigint NOT NULL,
    time bigint NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    cost_before bigint NOT NULL,
    cost bigint NOT NULL,
    price bigint,
    fees text,
    parts text,
    costing text,
    PRIMARY KEY (organization, event, number)
);

-- What the last correction of the event says that it costs; null in nearly all rows. Sums of costs go by it.
ALTER TABLE usage_event ADD COLUMN corrected_cost bigint;
