package dev.quotary.sql.query;

import dev.quotary.analytics.EventSearch;
import dev.quotary.analytics.UsageQueries;
import dev.quotary.ledger.Ledger;
import dev.quotary.sql.LedgerParticipant;
import dev.quotary.sql.PostgresDatabase;
import dev.quotary.sql.PostgresUrl;
import dev.quotary.sql.Snapshots;
import dev.quotary.sql.SqlDatabase;
import dev.quotary.sql.SqlLedger;
import dev.quotary.sql.SqlRollups;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.UsageQueriesContract;
import dev.quotary.testkit.postgres.PostgresServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PostgresUsageQueriesTest implements UsageQueriesContract {

    private final List<SqlDatabase> opened = new ArrayList<>();
    private final List<SqlUsageQueries> queries = new ArrayList<>();

    @Override
    public Ledger openEmpty() {
        var database =
                PostgresDatabase.open(PostgresUrl.parse(PostgresServer.shared().newDatabase()), LedgerParticipant.NONE);
        opened.add(database);
        var ledger = new SqlLedger(database, new LedgerModel.Counters());
        queries.add(new SqlUsageQueries(new Snapshots(database, ledger)));
        return ledger;
    }

    @Override
    public UsageQueries queries() {
        return queries.getLast();
    }

    @Override
    public EventSearch search() {
        return queries.getLast();
    }

    @Override
    public void sumUp(Instant until) {
        new SqlRollups(opened.getLast()).sumUp(until, () -> true);
    }

    @AfterEach
    void close() {
        opened.forEach(SqlDatabase::close);
    }
}
