package dev.quotary.sql;

import dev.quotary.catalog.CatalogStore;
import dev.quotary.testkit.CatalogStoreContract;
import dev.quotary.testkit.postgres.PostgresServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class PostgresCatalogStoreTest implements CatalogStoreContract {
    private final PostgresUrl url = PostgresUrl.parse(PostgresServer.shared().newDatabase());

    private @Nullable PostgresDatabase database;

    @Override
    public CatalogStore open() {
        close();
        database = PostgresDatabase.open(url, LedgerParticipant.NONE);
        return new SqlCatalogStore(database);
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }
}
