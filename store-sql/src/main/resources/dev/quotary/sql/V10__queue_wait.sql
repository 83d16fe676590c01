-- How long calls waited before they were made, for the mean of an hour.
ALTER TABLE usage_hour ADD COLUMN queue_wait_ms INTEGER NOT NULL DEFAULT 0;
UPDATE usage_hour SET queue_wait_ms = summed.wait FROM (
    SELECT organization AS o, time - ((time % 3600000000) + 3600000000) % 3600000000 AS h, coalesce(subject, '') AS s,
        coalesce(provider, '') AS p, coalesce(model, '') AS m, coalesce(feature, '') AS f, sum(queue_wait_ms) AS wait
    FROM usage_event WHERE queue_wait_ms > 0 GROUP BY 1, 2, 3, 4, 5, 6) AS summed
WHERE usage_hour.organization = summed.o AND usage_hour.hour = summed.h AND usage_hour.subject = summed.s
    AND usage_hour.provider = summed.p AND usage_hour.model = summed.m AND usage_hour.feature = summed.f;
