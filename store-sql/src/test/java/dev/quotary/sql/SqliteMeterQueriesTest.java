package dev.quotary.sql;

import dev.quotary.analytics.MeterQueries;
import dev.quotary.analytics.ReportedEvents;
import dev.quotary.ledger.Ledger;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.MeterQueriesContract;
import dev.quotary.testkit.ReportedEventsContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteMeterQueriesTest implements MeterQueriesContract, ReportedEventsContract {
    @TempDir
    private Path directory;

    private final List<SqliteDatabase> opened = new ArrayList<>();
    private final List<SqlLedger> ledgers = new ArrayList<>();

    @Override
    public Ledger openEmpty() {
        var database = SqliteDatabase.open(directory.resolve("ledger-" + opened.size() + ".db"));
        opened.add(database);
        ledgers.add(new SqlLedger(database, new LedgerModel.Counters()));
        return ledgers.getLast();
    }

    private Snapshots snapshots() {
        return new Snapshots(opened.getLast(), ledgers.getLast());
    }

    @Override
    public MeterQueries queries() {
        return new SqlMeterQueries(snapshots());
    }

    @Override
    public ReportedEvents reported() {
        return new SqlReportedEvents(snapshots());
    }

    @AfterEach
    void close() {
        ledgers.forEach(SqlLedger::close);
        opened.forEach(SqliteDatabase::close);
    }
}
