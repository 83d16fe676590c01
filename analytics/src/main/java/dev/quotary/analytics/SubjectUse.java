package dev.quotary.analytics;

import java.time.Instant;

/**
 * What one subject used in a range.
 *
 * @param errors those of them that failed
 * @param cost in picodollars
 * @param lastActive when its last event in the range was, as far as the sums tell: not after it, and in the same month
 */
public record SubjectUse(
        String subject, long events, long errors, long requests, long tokens, long cost, Instant lastActive) {}
