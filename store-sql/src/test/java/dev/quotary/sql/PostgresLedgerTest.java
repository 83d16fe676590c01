package dev.quotary.sql;

import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.testkit.LedgerContract;
import dev.quotary.testkit.LedgerCorrectionContract;
import dev.quotary.testkit.LedgerCountingContract;
import dev.quotary.testkit.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PostgresLedgerTest implements LedgerContract, LedgerCountingContract, LedgerCorrectionContract {
    private final String url = PostgresServer.shared().newDatabase();
    private final List<PostgresDatabase> opened = new ArrayList<>();

    @Override
    public Ledger open(Follower follower) {
        close();
        return open(url, follower);
    }

    @Override
    public Ledger openEmpty(Follower follower) {
        return open(PostgresServer.shared().newDatabase(), follower);
    }

    private Ledger open(String database, Follower follower) {
        var open = PostgresDatabase.open(PostgresUrl.parse(database), LedgerParticipant.NONE);
        opened.add(open);
        return new SqlLedger(open, follower);
    }

    @AfterEach
    void close() {
        opened.forEach(PostgresDatabase::close);
        opened.clear();
    }
}
