package dev.quotary.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.catalog.AuditLog;
import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogChangedException;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.testkit.CatalogStoreContract;
import dev.quotary.testkit.postgres.PostgresServer;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
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

    @Override
    public AuditLog audit() {
        return new SqlAuditLog(Objects.requireNonNull(database));
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
        assertThat(store.changes(second.version()))
                .isEqualTo(new SqlCatalogStore.Changes(second.version(), List.of(), List.of()));
    }

    @Test
    void removed_documents_are_among_the_changes_until_they_come_again() {
        // Given
        open();
        var store = new SqlCatalogStore(Objects.requireNonNull(database));
        store.save(List.of(plan("a", "1"), plan("b", "1")));
        var first = store.changes(0);
        // When
        store.write(new CatalogChange(List.of(), List.of(plan("a", "1").name()), List.of(), OptionalLong.empty()));
        // Then
        var second = store.changes(first.version());
        assertThat(second.documents()).isEmpty();
        assertThat(second.removed()).containsExactly(plan("a", "1").name());
        store.save(List.of(plan("a", "2")));
        var third = store.changes(second.version());
        assertThat(third.documents()).containsExactly(plan("a", "2"));
        assertThat(third.removed()).isEmpty();
        assertThat(store.load()).containsExactly(plan("a", "2"), plan("b", "1"));
    }

    @Test
    void change_upon_an_older_version_is_refused_and_writes_nothing() {
        // Given
        open();
        var store = new SqlCatalogStore(Objects.requireNonNull(database));
        store.save(List.of(plan("a", "1")));
        var seen = OptionalLong.of(store.changes(0).version());
        store.write(new CatalogChange(List.of(plan("a", "2")), List.of(), List.of(), seen));
        // When, Then
        assertThatThrownBy(() -> store.write(new CatalogChange(List.of(plan("a", "3")), List.of(), List.of(), seen)))
                .isInstanceOf(CatalogChangedException.class);
        assertThat(store.load()).containsExactly(plan("a", "2"));
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }
}
