package dev.quotary.analytics;

import java.util.concurrent.CompletionStage;

/**
 * Port: answers questions about declared meters. Safe for concurrent use; no method blocks its caller, and answers come on any thread.
 *
 * <p>An answer has one value per cell, exactly, for every aggregation and any range: of {@code sum} and {@code count} the sum of the
 * amounts, 0 where there is nothing; of {@code unique} how many different values there were, told apart over the whole cell and never added
 * up; of {@code min}, {@code max} and {@code latest} a value of one event, and of {@code avg} a quotient, or nothing where there are no events.
 * The latest is that of the newest time; what a reservation adds to a level is no report of it.
 *
 * <p>What begins and ends with hours of UTC comes from the hourly sums, by subject, provider, model, feature and declared dimensions. Everything
 * else (minutes, parts of hours, zones that are off by half an hour, sessions and workflows) takes a look at single events, of which there
 * may be {@link UsageQueries#EVENTS_MAX}, and tells of those that are still kept. {@link Answer.TooManyEvents} is answered also where there
 * are more than {@link #CELLS_MAX} groups in buckets to be held, or more than {@link #VALUES_MAX} different values.
 *
 * <p>A stage fails with {@link dev.quotary.limit.StoreUnavailableException} if the store does not answer.
 */
public interface MeterQueries {
    CompletionStage<Answer> ask(MeterQuestion question);

    int CELLS_MAX = 200_000;
    int VALUES_MAX = 2_000_000;
}
