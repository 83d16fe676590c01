package dev.quotary.ledger;

import dev.quotary.limit.Posting;
import java.util.List;

/** A usage event with what it does to the counters; both become durable together. */
public record Entry(UsageEvent event, List<Posting> postings) {
    public Entry {
        postings = List.copyOf(postings);
    }
}
