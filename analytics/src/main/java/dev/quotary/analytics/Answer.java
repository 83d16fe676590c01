package dev.quotary.analytics;

import java.util.List;
import java.util.Optional;

/** What came of a {@link Question}. */
public sealed interface Answer {
    /**
     * The values that were asked for.
     *
     * @param buckets without gaps
     * @param series the top groups by falling values of the first measure (groups that are equal there in the order of their values), then
     *     the others together where there are any; without dimensions to group by exactly one. Groups without events are not told
     * @param previous the previous period, where that was asked for, with the same groups in the same order, and no others
     */
    record Told(List<Range> buckets, List<Series> series, Optional<Told> previous) implements Answer {
        public Told {
            buckets = List.copyOf(buckets);
            series = List.copyOf(series);
        }
    }

    /**
     * Single events would have to be looked at, and there are too many of them in the range: a shorter one, or fewer dimensions, can be
     * answered.
     *
     * @param eventsMax how many may be looked at
     */
    record TooManyEvents(int eventsMax) implements Answer {}
}
