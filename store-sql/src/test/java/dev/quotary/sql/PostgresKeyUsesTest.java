package dev.quotary.sql;

import dev.quotary.catalog.KeyUses;
import dev.quotary.testkit.KeyUsesContract;
import dev.quotary.testkit.postgres.PostgresServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class PostgresKeyUsesTest implements KeyUsesContract {
    private final PostgresUrl url = PostgresUrl.parse(PostgresServer.shared().newDatabase());

    private @Nullable PostgresDatabase database;

    @Override
    public KeyUses openUses() {
        close();
        database = PostgresDatabase.open(url, LedgerParticipant.NONE);
        return new SqlKeyUses(database);
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }
}
