package dev.quotary.sql;

import dev.quotary.analytics.MeterQueries;
import dev.quotary.analytics.ReportedEvents;
import dev.quotary.ledger.Ledger;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.MeterQueriesContract;
import dev.quotary.testkit.ReportedEventsContract;
import dev.quotary.testkit.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PostgresMeterQueriesTest implements MeterQueriesContract, ReportedEventsContract {

    private final List<PostgresDatabase> opened = new ArrayList<>();
    private final List<SqlLedger> ledgers = new ArrayList<>();

    @Override
    public Ledger openEmpty() {
        var database =
                PostgresDatabase.open(PostgresUrl.parse(PostgresServer.shared().newDatabase()), LedgerParticipant.NONE);
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
        opened.forEach(PostgresDatabase::close);
    }
}
