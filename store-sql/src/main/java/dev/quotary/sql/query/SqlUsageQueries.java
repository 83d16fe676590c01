package dev.quotary.sql.query;

import dev.quotary.analytics.Answer;
import dev.quotary.analytics.EventPage;
import dev.quotary.analytics.EventQuery;
import dev.quotary.analytics.EventSearch;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.UsageQueries;
import dev.quotary.sql.Snapshots;
import java.util.concurrent.CompletionStage;

/** Answers on SQLite or PostgreSQL, on the connections of the readers. */
public final class SqlUsageQueries implements UsageQueries, EventSearch {
    private final Snapshots snapshots;

    public SqlUsageQueries(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public CompletionStage<Answer> ask(Question question) {
        return snapshots.read(session -> new Asking(session, question).answer());
    }

    @Override
    public CompletionStage<EventPage> page(EventQuery query) {
        return snapshots.read(session -> new Searching(session, query).page());
    }
}
