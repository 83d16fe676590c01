package dev.quotary.analytics;

import java.util.List;

/**
 * The values of one group. Lists of values are in the order of the question's measures.
 *
 * @param totals over the whole range
 * @param cells the buckets in which the group has events, in their order. In all others sums and counts are 0, and means and percentiles
 *     have {@link Value#NOTHING} to say
 */
public record Series(Group group, List<Value> totals, List<Cell> cells) {
    public Series {
        totals = List.copyOf(totals);
        cells = List.copyOf(cells);
    }

    /** @param bucket its index among those of the answer */
    public record Cell(int bucket, List<Value> values) {
        public Cell {
            values = List.copyOf(values);
        }
    }

    /** Whose values they are. */
    public sealed interface Group {
        /**
         * Events that have these values.
         *
         * @param values in the order of the question's dimensions, none where it has none; the empty text where events lack one
         */
        record Of(List<String> values) implements Group {
            public Of {
                values = List.copyOf(values);
            }
        }

        /** All events of the groups that are not told apart. */
        record Others() implements Group {}
    }
}
