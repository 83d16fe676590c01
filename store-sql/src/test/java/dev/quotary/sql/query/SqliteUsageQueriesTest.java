package dev.quotary.sql.query;

import dev.quotary.analytics.EventSearch;
import dev.quotary.analytics.UsageQueries;
import dev.quotary.ledger.Ledger;
import dev.quotary.sql.Snapshots;
import dev.quotary.sql.SqlDatabase;
import dev.quotary.sql.SqlLedger;
import dev.quotary.sql.SqlRollups;
import dev.quotary.sql.SqliteDatabase;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.UsageQueriesContract;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteUsageQueriesTest implements UsageQueriesContract {
    @TempDir
    private Path directory;

    private final List<SqlDatabase> opened = new ArrayList<>();
    private final List<SqlUsageQueries> queries = new ArrayList<>();

    @Override
    public Ledger openEmpty() {
        var database = SqliteDatabase.open(directory.resolve("ledger-" + (opened.size() + 1) + ".db"));
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
