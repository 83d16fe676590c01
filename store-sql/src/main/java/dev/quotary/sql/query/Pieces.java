package dev.quotary.sql.query;

import dev.quotary.analytics.Range;
import dev.quotary.sql.FoldPlace;
import dev.quotary.sql.Micros;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * How buckets of time are cut up among the tables: whole hours of UTC to the rollups, what is left at both ends to the events.
 *
 * <p>A coarse table has what its units sum up of the hourly rows before the {@link FoldPlace}, and nothing else. So a unit answers if it
 * begins in the bucket and all that it sums up lies there, also where the unit itself ends later; the hourly rows behind the place are
 * added to it. Hours that no unit answers for are read from the hourly rows as they are.
 */
final class Pieces {
    private final Map<Source, List<Piece>> bySource = new EnumMap<>(Source.class);

    private Pieces() {}

    /** All of it from the events. */
    static Pieces ofEvents(List<Range> buckets) {
        var pieces = new Pieces();
        for (int i = 0; i < buckets.size(); i++) {
            var bucket = buckets.get(i);
            pieces.add(Source.EVENTS, new Piece(i, start(bucket), end(bucket)));
        }
        return pieces;
    }

    /**
     * As much as possible from the rollups.
     *
     * @param coarse the tables that tell apart what is asked for, the coarsest first
     * @param place of the organization; empty while nothing is summed up
     */
    static Pieces of(List<Range> buckets, List<Source> coarse, Optional<FoldPlace> place) {
        var pieces = new Pieces();
        for (int i = 0; i < buckets.size(); i++) {
            long from = start(buckets.get(i));
            long until = end(buckets.get(i));
            long first = Source.HOURS.next(from);
            long last = Source.HOURS.start(until);
            if (first < last) {
                pieces.add(Source.EVENTS, new Piece(i, from, first));
                pieces.hours(new Piece(i, first, last), place.isPresent() ? coarse : List.of(), place);
                pieces.add(Source.EVENTS, new Piece(i, last, until));
            } else {
                pieces.add(Source.EVENTS, new Piece(i, from, until));
            }
        }
        return pieces;
    }

    /** Whole hours. */
    private void hours(Piece piece, List<Source> coarse, Optional<FoldPlace> place) {
        if (piece.from() >= piece.until()) {
            return;
        }
        if (coarse.isEmpty() || place.isEmpty()) {
            add(Source.HOURS, piece);
            return;
        }
        var source = coarse.getFirst();
        var finer = coarse.subList(1, coarse.size());
        long folded = place.get().next().hour();
        long foldedEnd = place.get().end();
        long from = source.next(piece.from());
        long until = from;
        while (until < foldedEnd && Math.min(source.end(until), foldedEnd) <= piece.until()) {
            until = source.end(until);
        }
        if (until == from) {
            hours(piece, finer, place);
            return;
        }
        hours(new Piece(piece.bucket(), piece.from(), from), finer, place);
        add(source, new Piece(piece.bucket(), from, until));
        long rest = Math.min(until, piece.until());
        add(Source.REST, new Piece(piece.bucket(), Math.max(from, folded), rest));
        hours(new Piece(piece.bucket(), rest, piece.until()), finer, place);
    }

    /** The first microsecond that is not before the range; events are kept to the microsecond below, as windows are. */
    static long start(Range bucket) {
        return ceil(bucket.from());
    }

    static long end(Range bucket) {
        return ceil(bucket.until());
    }

    private static long ceil(Instant instant) {
        long below = Micros.of(instant);
        return Micros.instant(below).equals(instant) ? below : below + 1;
    }

    private void add(Source source, Piece piece) {
        if (piece.from() < piece.until()) {
            bySource.computeIfAbsent(source, _ -> new ArrayList<>()).add(piece);
        }
    }

    Map<Source, List<Piece>> bySource() {
        return bySource;
    }

    /** Hands over the begin of each unit of a piece. */
    static void eachUnit(Source source, Piece piece, LongConsumer unit) {
        for (long at = piece.from(); at < piece.until(); at = source.end(at)) {
            unit.accept(at);
        }
    }
}
