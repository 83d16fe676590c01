package dev.quotary.ledger;

import dev.quotary.limit.Posting;
import dev.quotary.meter.MeterKey;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A usage event with what it does to the counters; both become durable together.
 *
 * @param levels the meters whose quantity is a level that was reported, whether or not a limit counts them today: who counts them
 *     later must know
 */
public record Entry(UsageEvent event, List<Posting> postings, Set<MeterKey> levels) {
    public Entry {
        postings = List.copyOf(postings);
        levels = Set.copyOf(levels);
    }

    /** An event that reports no levels but those that it posts. */
    public Entry(UsageEvent event, List<Posting> postings) {
        this(event, postings, posted(postings));
    }

    private static Set<MeterKey> posted(List<Posting> postings) {
        return postings.stream()
                .filter(Posting::level)
                .map(level -> level.counter().counted().meter())
                .collect(Collectors.toSet());
    }
}
