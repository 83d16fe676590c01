package dev.quotary.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.CatalogStore;
import dev.quotary.catalog.CatalogStore.Document;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every catalog store promises. */
public interface CatalogStoreContract {
    /** Opens the store, always over the same storage within one test; what an earlier call opened is closed. */
    CatalogStore open();

    @Test
    default void empty_store_loads_nothing() {
        // Given
        var store = open();
        // When
        var loaded = store.load();
        // Then
        assertThat(loaded).isEmpty();
    }

    @Test
    default void saved_documents_are_loaded_in_order_after_reopening() {
        // Given
        var server = new Document("plan", "", "pro", "{\"limits\":[]}");
        var odd = new Document("plan", "o'dd\n組織", "a=b; --", "");
        var subject = new Document("subject", "acme", "ann", "🙂".repeat(10_000));
        var other = new Document("plan", "", "free", "{}");
        // When
        open().save(List.of(subject, odd, server));
        open().save(List.of(other));
        // Then
        assertThat(open().load()).containsExactly(other, server, odd, subject);
    }

    @Test
    default void later_document_replaces_the_earlier_one() {
        // Given
        var store = open();
        store.save(List.of(new Document("plan", "acme", "pro", "old"), new Document("plan", "", "pro", "own")));
        // When
        store.save(List.of(new Document("plan", "acme", "pro", "new"), new Document("plan", "acme", "pro", "newest")));
        // Then
        assertThat(store.load())
                .containsExactly(new Document("plan", "", "pro", "own"), new Document("plan", "acme", "pro", "newest"));
    }

    @Test
    default void saving_nothing_changes_nothing() {
        // Given
        var store = open();
        // When
        store.save(List.of());
        // Then
        assertThat(store.load()).isEmpty();
    }

    @Test
    default void store_equals_the_model_after_random_saves() {
        Seeds.forEach(10, random -> {
            // Given
            var store = open();
            var model = new HashMap<List<String>, Document>();
            store.load().forEach(document -> model.put(key(document), document));
            // When
            for (int save = 0; save < 10; save++) {
                var documents = new ArrayList<Document>();
                for (int i = random.nextInt(1, 5); i > 0; i--) {
                    documents.add(new Document(
                            "kind-" + random.nextInt(2),
                            "organization-" + random.nextInt(3),
                            "key-" + random.nextInt(4),
                            "body-" + random.nextLong()));
                }
                store.save(documents);
                documents.forEach(document -> model.put(key(document), document));
            }
            // Then
            var expected = model.values().stream()
                    .sorted(Comparator.comparing(Document::kind)
                            .thenComparing(Document::organization)
                            .thenComparing(Document::key))
                    .toList();
            assertThat(open().load()).isEqualTo(expected);
        });
    }

    @Test
    default void documents_of_one_save_are_never_seen_apart() {
        // Given
        var store = open();
        // When
        var seen = new ArrayList<List<Document>>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            executor.execute(() -> IntStream.range(0, 50)
                    .forEach(i -> store.save(List.of(
                            new Document("plan", "", "a", "body-" + i), new Document("plan", "", "b", "body-" + i)))));
            for (int i = 0; i < 50; i++) {
                seen.add(store.load());
            }
        }
        // Then
        assertThat(seen)
                .allSatisfy(documents -> assertThat(
                                documents.stream().map(Document::body).distinct())
                        .hasSizeLessThanOrEqualTo(1));
        assertThat(store.load()).extracting(Document::body).containsOnly("body-49");
    }

    private static List<String> key(Document document) {
        return List.of(document.kind(), document.organization(), document.key());
    }
}
