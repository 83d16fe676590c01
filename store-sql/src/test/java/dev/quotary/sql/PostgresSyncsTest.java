package dev.quotary.sql;

import dev.quotary.sync.Syncs;
import dev.quotary.testkit.SyncsContract;
import dev.quotary.testkit.postgres.PostgresServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class PostgresSyncsTest implements SyncsContract {
    private final PostgresUrl url = PostgresUrl.parse(PostgresServer.shared().newDatabase());

    private @Nullable PostgresDatabase database;

    @Override
    public Syncs openSyncs() {
        close();
        database = PostgresDatabase.open(url, LedgerParticipant.NONE);
        return new SqlSyncs(database);
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }
}
