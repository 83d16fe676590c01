package dev.quotary.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.CatalogStore;
import dev.quotary.testkit.CatalogStoreContract;
import dev.quotary.testkit.postgres.PostgresServer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresCatalogStoreTest implements CatalogStoreContract {
    private final PostgresUrl url = PostgresUrl.parse(PostgresServer.shared().newDatabase());

    private @Nullable PostgresDatabase database;

    @Override
    public CatalogStore open() {
        close();
        database = PostgresDatabase.open(url, LedgerParticipant.NONE);
        return new SqlCatalogStore(database);
    }

    private static CatalogStore.Document plan(String key, String body) {
        return new CatalogStore.Document("plan", "", key, body);
    }

    @Test
    void changes_since_a_version_are_those_that_were_saved_after_it() {
        // Given
        open();
        var store = new SqlCatalogStore(Objects.requireNonNull(database));
        store.save(List.of(plan("a", "1"), plan("b", "1")));
        var first = store.changes(0);
        // When
        store.save(List.of(plan("b", "2"), plan("c", "1")));
        var second = store.changes(first.version());
        // Then
        assertThat(first.documents()).containsExactly(plan("a", "1"), plan("b", "1"));
        assertThat(second.version()).isEqualTo(first.version() + 1);
        assertThat(second.documents()).containsExactly(plan("b", "2"), plan("c", "1"));
        assertThat(store.changes(second.version())).isEqualTo(new SqlCatalogStore.Changes(second.version(), List.of()));
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }
}
