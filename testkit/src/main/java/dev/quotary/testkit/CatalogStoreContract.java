package dev.quotary.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.catalog.Actor;
import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.AuditLog;
import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.catalog.CatalogStore.Name;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every catalog store promises. */
public interface CatalogStoreContract {
    /** Opens the store, always over the same storage within one test; what an earlier call opened is closed. */
    CatalogStore open();

    /** The log of what the store that was opened last has noted. */
    AuditLog audit();

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
    default void removed_document_is_gone_and_may_come_again() {
        // Given
        var plan = new Document("plan", "", "pro", "{}");
        var odd = new Document("subject", "o'dd\n", "a=b; --", "{}");
        open().save(List.of(plan, odd));
        // When
        open().write(change(List.of(), List.of(odd.name(), new Name("plan", "acme", "pro"))));
        // Then
        assertThat(open().load()).containsExactly(plan);
        open().save(List.of(odd));
        assertThat(open().load()).containsExactly(plan, odd);
    }

    @Test
    default void change_saves_removes_and_notes_at_once() {
        // Given
        var old = new Document("plan", "", "old", "1");
        var fresh = new Document("plan", "", "new", "2");
        var store = open();
        store.save(List.of(old));
        var entry = entry(1, "acme", "new");
        // When
        store.write(new CatalogChange(List.of(fresh), List.of(old.name()), List.of(entry), OptionalLong.empty()));
        // Then
        assertThat(open().load()).containsExactly(fresh);
        assertThat(entries(AuditLog.Filter.ALL)).containsExactly(entry);
    }

    @Test
    default void lines_of_the_audit_log_come_newest_first_and_page_by_page() {
        // Given
        var store = open();
        var noted = new ArrayList<AuditEntry>();
        for (int i = 0; i < 7; i++) {
            noted.addFirst(entry(i, "acme", "thing-" + i));
            store.write(CatalogChange.noting(noted.getFirst()));
        }
        // When
        var first = audit().lines(AuditLog.Filter.ALL, OptionalLong.empty(), 4);
        var second = audit().lines(
                        AuditLog.Filter.ALL, OptionalLong.of(first.getLast().number()), 4);
        // Then
        assertThat(first).extracting(AuditLog.Line::entry).isEqualTo(noted.subList(0, 4));
        assertThat(second).extracting(AuditLog.Line::entry).isEqualTo(noted.subList(4, 7));
        assertThat(first).extracting(AuditLog.Line::number).isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    default void lines_of_the_audit_log_are_found_by_everything_they_say() {
        // Given
        var first = entry(1, "acme", "ann");
        var second = new AuditEntry(
                AT.plusSeconds(2),
                Actor.start("o'dd.yaml"),
                new Name("plan", "", "pro"),
                AuditEntry.Action.DELETED,
                "{\"a\":1}",
                null);
        var third = entry(3, "globex", "ann");
        open().write(new CatalogChange(List.of(), List.of(), List.of(first, second, third), OptionalLong.empty()));
        // When, Then
        assertThat(entries(filter("acme", null, null, null))).containsExactly(first);
        assertThat(entries(filter("", null, null, null))).containsExactly(second);
        assertThat(entries(filter(null, "subject", null, null))).containsExactly(third, first);
        assertThat(entries(filter(null, "subject", "ann", "key_1"))).containsExactly(first);
        assertThat(entries(filter(null, null, null, "key_3"))).containsExactly(third);
        assertThat(entries(filter(null, null, "nobody", null))).isEmpty();
        assertThat(entries(between(AT.plusSeconds(1), AT.plusSeconds(3)))).containsExactly(second, first);
        assertThat(entries(between(AT.plusSeconds(3), AT.plusSeconds(4)))).containsExactly(third);
    }

    @Test
    default void oldest_lines_are_forgotten_so_many_at_a_time() {
        // Given
        var store = open();
        for (int i = 0; i < 5; i++) {
            store.write(CatalogChange.noting(entry(i, "acme", "thing-" + i)));
        }
        // When
        int first = audit().forget(AT.plusSeconds(3), 2);
        int second = audit().forget(AT.plusSeconds(3), 2);
        // Then
        assertThat(first).isEqualTo(2);
        assertThat(second).isEqualTo(1);
        assertThat(entries(AuditLog.Filter.ALL))
                .containsExactly(entry(4, "acme", "thing-4"), entry(3, "acme", "thing-3"));
        assertThat(audit().forget(AT.plusSeconds(3), 2)).isZero();
    }

    @Test
    default void more_lines_than_a_page_may_have_are_refused() {
        // Given
        open();
        // When, Then
        assertThatThrownBy(() -> audit().lines(AuditLog.Filter.ALL, OptionalLong.empty(), AuditLog.LINES_MAX + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> audit().lines(AuditLog.Filter.ALL, OptionalLong.empty(), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** When the entries of these tests were made; of whole microseconds, as that is what stores keep. */
    Instant AT = Instant.parse("2026-11-22T10:00:00.123456Z");

    private static CatalogChange change(List<Document> saved, List<Name> removed) {
        return new CatalogChange(saved, removed, List.of(), OptionalLong.empty());
    }

    private static AuditEntry entry(int number, String organization, String key) {
        return new AuditEntry(
                AT.plusSeconds(number),
                new Actor(Actor.Kind.KEY, "key_" + number, "op's \u0000 key"),
                new Name("subject", organization, key),
                AuditEntry.Action.CREATED,
                null,
                "{\"number\":" + number + "}");
    }

    private static AuditLog.Filter filter(
            @Nullable String organization, @Nullable String kind, @Nullable String key, @Nullable String actor) {
        return new AuditLog.Filter(
                Optional.ofNullable(organization),
                Optional.ofNullable(kind),
                Optional.ofNullable(key),
                Optional.ofNullable(actor),
                Optional.empty(),
                Optional.empty());
    }

    private static AuditLog.Filter between(Instant from, Instant until) {
        var all = AuditLog.Filter.ALL;
        return new AuditLog.Filter(
                all.organization(), all.kind(), all.key(), all.actor(), Optional.of(from), Optional.of(until));
    }

    private List<AuditEntry> entries(AuditLog.Filter filter) {
        return audit().lines(filter, OptionalLong.empty(), 100).stream()
                .map(AuditLog.Line::entry)
                .toList();
    }

    @Test
    default void store_equals_the_model_after_random_changes() {
        Seeds.forEach(10, random -> {
            // Given
            var store = open();
            var model = new HashMap<Name, Document>();
            store.load().forEach(document -> model.put(document.name(), document));
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
                var saved = documents.stream().map(Document::name).toList();
                var removed = model.keySet().stream()
                        .filter(name -> !saved.contains(name) && random.nextInt(3) == 0)
                        .toList();
                store.write(change(documents, removed));
                documents.forEach(document -> model.put(document.name(), document));
                removed.forEach(model::remove);
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
}
