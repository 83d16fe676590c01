package dev.quotary.analytics.forecast;

import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Range;
import java.time.ZoneId;
import java.util.concurrent.CompletionStage;

/** Port: tells the use of one meter by one scope, in buckets of days. */
@FunctionalInterface
public interface DailyUse {
    /** One series of whole numbers; {@link Answer.TooManyEvents} where it cannot be told. */
    CompletionStage<Answer> byDay(Range range, ZoneId zone);
}
