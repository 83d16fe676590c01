package dev.quotary.sql;

import dev.quotary.analytics.Answer;
import dev.quotary.analytics.MeterQueries;
import dev.quotary.analytics.MeterQuestion;
import java.util.concurrent.CompletionStage;

/** Answers on SQLite or PostgreSQL, on the connections of the readers. */
public final class SqlMeterQueries implements MeterQueries {
    private final Snapshots snapshots;

    public SqlMeterQueries(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public CompletionStage<Answer> ask(MeterQuestion question) {
        return snapshots.read(session -> new MeterAsking(session, question).answer());
    }
}
