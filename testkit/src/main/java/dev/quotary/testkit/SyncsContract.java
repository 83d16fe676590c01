package dev.quotary.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.sync.Batch;
import dev.quotary.sync.Failure;
import dev.quotary.sync.Sync;
import dev.quotary.sync.SyncState.Done;
import dev.quotary.sync.SyncState.Kind;
import dev.quotary.sync.SyncState.Parked;
import dev.quotary.sync.SyncState.Pending;
import dev.quotary.sync.Syncs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every store of accepted batches promises. */
public interface SyncsContract {
    OrganizationKey ACME = new OrganizationKey("acme");
    OrganizationKey OTHER = new OrganizationKey("other");
    Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    String CONTENT = "[{\"subject\":\"u\\u0000\"}]";
    Failure WHY = new Failure("SUBJECT_UNKNOWN", "There is no subject 'u'.", NOW.plusSeconds(1));

    /** Opens the store, always over the same storage within one test; what an earlier call opened is closed. */
    Syncs openSyncs();

    static Sync sync(OrganizationKey organization, String id, Instant at) {
        return Sync.accepted(organization, id, new Batch(new KeyId("key_one"), 2, 77, at));
    }

    @Test
    default void accepted_batch_is_there_after_reopening_as_it_was() {
        // Given
        var accepted = openSyncs().accept(sync(ACME, "s1", NOW), CONTENT).orElseThrow();
        // When
        var syncs = openSyncs();
        // Then
        assertThat(accepted).isEqualTo(sync(ACME, "s1", NOW));
        assertThat(syncs.find(ACME, "s1")).contains(accepted);
        assertThat(syncs.content(accepted)).contains(CONTENT);
        assertThat(syncs.find(OTHER, "s1")).isEmpty();
    }

    @Test
    default void second_batch_of_an_id_gets_the_first_one() {
        // Given
        var syncs = openSyncs();
        syncs.accept(sync(ACME, "s1", NOW), CONTENT);
        // When
        var second = syncs.accept(
                Sync.accepted(ACME, "s1", new Batch(new KeyId("key_two"), 3, 88, NOW.plusSeconds(5))), "[]");
        // Then
        assertThat(second).contains(sync(ACME, "s1", NOW));
        assertThat(syncs.content(second.orElseThrow())).contains(CONTENT);
        assertThat(syncs.accept(sync(OTHER, "s1", NOW), "[]")).contains(sync(OTHER, "s1", NOW));
    }

    @Test
    default void every_state_is_kept_as_it_is() {
        // Given
        var syncs = openSyncs();
        for (var state : List.of(
                new Pending(1, NOW.plusSeconds(9), null),
                new Pending(2, NOW.plusSeconds(9), WHY),
                new Parked(6, NOW.plusSeconds(2), WHY),
                new Done(1, NOW.plusSeconds(3), 2, 0))) {
            var id = "s" + state;
            var before = syncs.accept(sync(ACME, id, NOW), CONTENT).orElseThrow();
            // When
            boolean moved = syncs.move(before, state);
            // Then
            assertThat(moved).isTrue();
            assertThat(syncs.find(ACME, id)).contains(before.in(state));
        }
    }

    @Test
    default void of_two_who_move_a_batch_one_is_told_that_it_was_late() {
        // Given
        var syncs = openSyncs();
        var before = syncs.accept(sync(ACME, "s1", NOW), CONTENT).orElseThrow();
        var begun = new Pending(1, NOW.plusSeconds(120), null);
        // When
        boolean first = syncs.move(before, begun);
        boolean second = syncs.move(before, new Done(1, NOW, 2, 0));
        // Then
        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(syncs.find(ACME, "s1")).contains(before.in(begun));
        assertThat(syncs.content(before)).contains(CONTENT);
    }

    @Test
    default void content_of_a_batch_that_is_done_is_not_kept() {
        // Given
        var syncs = openSyncs();
        var before = syncs.accept(sync(ACME, "s1", NOW), CONTENT).orElseThrow();
        // When
        syncs.move(before, new Done(1, NOW, 2, 0));
        // Then
        assertThat(syncs.content(before)).isEmpty();
        assertThat(syncs.find(ACME, "s1")).isPresent();
    }

    @Test
    default void only_pending_batches_become_due_and_the_longest_due_come_first() {
        // Given
        var syncs = openSyncs();
        syncs.accept(sync(ACME, "late", NOW.plusSeconds(2)), CONTENT);
        syncs.accept(sync(OTHER, "early", NOW), CONTENT);
        syncs.accept(sync(ACME, "later", NOW.plusSeconds(9)), CONTENT);
        var parked = syncs.accept(sync(ACME, "parked", NOW), CONTENT).orElseThrow();
        syncs.move(parked, new Parked(6, NOW, WHY));
        // When
        var due = syncs.due(NOW.plusSeconds(2), 10);
        // Then
        assertThat(due.stream().map(Sync::id)).containsExactly("early", "late");
        assertThat(syncs.due(NOW.plusSeconds(2), 1).stream().map(Sync::id)).containsExactly("early");
    }

    @Test
    default void lists_are_of_one_organization_and_one_kind_in_pages() {
        // Given
        var syncs = openSyncs();
        for (var id : List.of("c", "a", "b", "d")) {
            syncs.accept(sync(ACME, id, NOW), CONTENT);
        }
        syncs.accept(sync(OTHER, "x", NOW), CONTENT);
        syncs.accept(sync(OTHER, "y", NOW), CONTENT);
        syncs.move(sync(OTHER, "y", NOW), new Done(1, NOW, 2, 0));
        syncs.move(sync(ACME, "b", NOW), new Parked(6, NOW, WHY));
        // When
        var first = syncs.list(ACME, Optional.empty(), "", 3);
        var second = syncs.list(ACME, Optional.empty(), "c", 3);
        var pending = syncs.list(ACME, Optional.of(Kind.PENDING), "", 9);
        // Then
        assertThat(first.stream().map(Sync::id)).containsExactly("a", "b", "c");
        assertThat(second.stream().map(Sync::id)).containsExactly("d");
        assertThat(pending.stream().map(Sync::id)).containsExactly("a", "c", "d");
        assertThat(syncs.counts()).isEqualTo(Map.of(Kind.PENDING, 4L, Kind.PARKED, 1L));
    }

    @Test
    default void only_what_was_done_long_enough_ago_is_forgotten() {
        // Given
        var syncs = openSyncs();
        for (var id : List.of("old", "new", "parked", "pending")) {
            syncs.accept(sync(ACME, id, NOW), CONTENT);
        }
        syncs.move(sync(ACME, "old", NOW), new Done(1, NOW.plusSeconds(1), 2, 0));
        syncs.move(sync(ACME, "new", NOW), new Done(1, NOW.plusSeconds(5), 2, 0));
        syncs.move(sync(ACME, "parked", NOW), new Parked(6, NOW, WHY));
        // When
        int forgotten = syncs.forget(NOW.plusSeconds(5), 10);
        // Then
        assertThat(forgotten).isEqualTo(1);
        assertThat(syncs.list(ACME, Optional.empty(), "", 9).stream().map(Sync::id))
                .containsExactly("new", "parked", "pending");
    }

    @Test
    default void batch_that_was_moved_meanwhile_is_not_removed() {
        // Given
        var syncs = openSyncs();
        var before = syncs.accept(sync(ACME, "s1", NOW), CONTENT).orElseThrow();
        var parked = new Parked(6, NOW, WHY);
        syncs.move(before, parked);
        // When
        boolean late = syncs.remove(before);
        boolean removed = syncs.remove(before.in(parked));
        // Then
        assertThat(late).isFalse();
        assertThat(removed).isTrue();
        assertThat(syncs.find(ACME, "s1")).isEmpty();
    }

    @Test
    default void organization_with_too_many_open_batches_gets_no_more_until_one_is_done() {
        // Given
        var syncs = openSyncs();
        for (int i = 0; i < Syncs.OPEN_MAX; i++) {
            syncs.accept(sync(ACME, "s" + i, NOW), "[]");
        }
        // When
        var refused = syncs.accept(sync(ACME, "more", NOW), "[]");
        var repeated = syncs.accept(sync(ACME, "s7", NOW), "[]");
        // Then
        assertThat(refused).isEmpty();
        assertThat(repeated).isPresent();
        assertThat(syncs.accept(sync(OTHER, "more", NOW), "[]")).isPresent();
        syncs.move(sync(ACME, "s7", NOW), new Done(1, NOW, 2, 0));
        assertThat(syncs.accept(sync(ACME, "more", NOW), "[]")).isPresent();
    }
}
