package dev.quotary.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.KeyId;
import dev.quotary.catalog.KeyUses;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every store of the uses of keys promises. */
public interface KeyUsesContract {
    KeyId ONE = new KeyId("key_one");
    KeyId TWO = new KeyId("key_two");
    Instant EARLY = Instant.parse("2026-11-22T10:00:00Z");
    Instant LATE = Instant.parse("2026-11-22T11:00:00Z");

    /** Opens the store, always over the same storage within one test; what an earlier call opened is closed. */
    KeyUses openUses();

    @Test
    default void saved_uses_are_known_after_reopening() {
        // Given
        openUses().save(Map.of(ONE, EARLY, TWO, LATE));
        // When
        var all = openUses().since(Instant.EPOCH);
        // Then
        assertThat(all).isEqualTo(Map.of(ONE, EARLY, TWO, LATE));
    }

    @Test
    default void earlier_use_never_replaces_a_later_one() {
        // Given
        var uses = openUses();
        uses.save(Map.of(ONE, LATE, TWO, EARLY));
        // When
        uses.save(Map.of(ONE, EARLY, TWO, LATE));
        // Then
        assertThat(uses.since(Instant.EPOCH)).isEqualTo(Map.of(ONE, LATE, TWO, LATE));
    }

    @Test
    default void only_uses_at_an_instant_or_later_are_told() {
        // Given
        var uses = openUses();
        uses.save(Map.of(ONE, EARLY, TWO, LATE));
        // When
        var recent = uses.since(LATE);
        // Then
        assertThat(recent).isEqualTo(Map.of(TWO, LATE));
    }

    @Test
    default void saving_no_uses_changes_nothing() {
        // Given
        var uses = openUses();
        // When
        uses.save(Map.of());
        // Then
        assertThat(uses.since(Instant.EPOCH)).isEmpty();
    }
}
