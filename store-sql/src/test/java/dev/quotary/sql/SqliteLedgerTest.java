package dev.quotary.sql;

import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.testkit.LedgerContract;
import dev.quotary.testkit.LedgerCorrectionContract;
import dev.quotary.testkit.LedgerCountingContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerTest implements LedgerContract, LedgerCountingContract, LedgerCorrectionContract {
    @TempDir
    private Path directory;

    private final List<SqliteDatabase> opened = new ArrayList<>();

    @Override
    public Ledger open(Follower follower) {
        close();
        return openFile("ledger.db", follower);
    }

    @Override
    public Ledger openEmpty(Follower follower) {
        return openFile("ledger-" + opened.size() + ".db", follower);
    }

    private Ledger openFile(String name, Follower follower) {
        var database = SqliteDatabase.open(directory.resolve(name));
        opened.add(database);
        return new SqlLedger(database, follower);
    }

    @AfterEach
    void close() {
        opened.forEach(SqliteDatabase::close);
        opened.clear();
    }
}
