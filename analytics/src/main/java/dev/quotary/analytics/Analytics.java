package dev.quotary.analytics;

/** What answers questions about use, together. */
public record Analytics(UsageQueries queries, EventSearch events, SubjectUses subjects) {}
