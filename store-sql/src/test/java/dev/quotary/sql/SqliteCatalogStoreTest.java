package dev.quotary.sql;

import dev.quotary.catalog.AuditLog;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.testkit.CatalogStoreContract;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqlCatalogStoreTest implements CatalogStoreContract {
    @TempDir
    private Path directory;

    private @Nullable SqliteDatabase database;

    @Override
    public CatalogStore open() {
        close();
        database = SqliteDatabase.open(directory.resolve("catalog.db"));
        return new SqlCatalogStore(database);
    }

    @Override
    public AuditLog audit() {
        return new SqlAuditLog(Objects.requireNonNull(database));
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }
}
