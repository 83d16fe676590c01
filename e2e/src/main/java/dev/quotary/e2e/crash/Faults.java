package dev.quotary.e2e.crash;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What went wrong, counted by kind; the first ones of each kind in words. Safe for many threads. */
final class Faults {
    private static final int WORDED_MAX = 5;

    /** The promises that can be broken. */
    enum Kind {
        /** An acknowledged event is not there, or is another than was acknowledged. */
        LOST("events-lost"),
        /** Use that no event accounts for, or events whose use is missing. */
        MISCOUNTED("use-wrong"),
        /** Events, rollups, sums and counters disagree. */
        DRIFT("ledger-drift"),
        /** Something is held that nobody holds. */
        PHANTOM("holds-phantom"),
        /** More was admitted than the limit allows. */
        OVER("admissions-over"),
        /** A refusal although there was room, an error, another answer to a repeat. */
        UNEXPECTED("answers-unexpected");

        private final String figure;

        Kind(String figure) {
            this.figure = figure;
        }

        String figure() {
            return figure;
        }
    }

    private final Map<Kind, List<String>> worded = new EnumMap<>(Kind.class);
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

    synchronized void add(Kind kind, String words) {
        counts.merge(kind, 1L, Long::sum);
        var known = worded.computeIfAbsent(kind, _ -> new ArrayList<>());
        if (known.size() < WORDED_MAX) {
            known.add(kind.figure() + ": " + words);
        }
    }

    synchronized long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    synchronized List<String> worded() {
        return worded.values().stream().flatMap(List::stream).toList();
    }
}
