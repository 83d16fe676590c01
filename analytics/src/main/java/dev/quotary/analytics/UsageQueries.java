package dev.quotary.analytics;

import java.util.concurrent.CompletionStage;

/**
 * Port: answers questions about recorded use. Safe for concurrent use; no method blocks its caller, and answers come on any thread.
 *
 * <p>What can be told from the rollups is, however many events there are: {@linkplain Measure.Kind#SUM sums}, their means and
 * {@link Measure#SUBJECTS} by {@linkplain Dimension.BuiltIn#rolledUp dimensions that they are kept by}, in buckets that begin and end with
 * hours of UTC. Everything else (minutes, zones that are off by half an hour, other dimensions, percentiles, sessions) takes a look at
 * single events, of which there may be {@link #EVENTS_MAX}, and tells of those that are still kept.
 *
 * <p>A stage fails with {@link dev.quotary.limit.StoreUnavailableException} if the store does not answer. A number beyond a {@code long} is
 * told as the largest {@code long}, as it is in the sums of limits.
 */
public interface UsageQueries {
    CompletionStage<Answer> ask(Question question);

    /** Most events that are looked at one by one for an answer: about a second's work. */
    int EVENTS_MAX = 500_000;
}
