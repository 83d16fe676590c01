package dev.quotary.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.ApiKey;
import dev.quotary.catalog.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyRingTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final KeyRing ring = new KeyRing();

    private static ApiKey key(String id, String secret) {
        return new ApiKey(
                new KeyId(id),
                KeyRing.hash(secret),
                "qk_live_0",
                "",
                Role.SERVICE,
                new OrganizationKey("acme"),
                null,
                NOW,
                null,
                List.of(),
                null);
    }

    @Test
    void older_state_of_a_revoked_key_does_not_bring_it_back() {
        // Given
        var key = key("key_1", "one");
        ring.put(key);
        ring.put(key.revoked(NOW));
        // When
        ring.put(key.rotated(KeyRing.hash("two"), "qk_live_2", NOW.plusSeconds(60), NOW));
        // Then
        assertThat(ring.find("one", NOW)).isEmpty();
        assertThat(ring.find("two", NOW)).isEmpty();
        assertThat(ring.key(key.id()).orElseThrow().revokedAt()).isEqualTo(NOW);
    }

    @Test
    void secret_that_was_replaced_without_overlap_is_forgotten() {
        // Given
        var key = key("key_1", "one");
        ring.put(key);
        // When
        ring.put(key.rotated(KeyRing.hash("two"), "qk_live_2", NOW, NOW));
        // Then
        assertThat(ring.find("one", NOW)).isEmpty();
        assertThat(ring.find("two", NOW)).isPresent();
        assertThat(ring.size()).isEqualTo(1);
    }

    @Test
    void uses_are_handed_out_to_be_stored_once_and_so_many_at_most() {
        // Given
        for (int i = 0; i < 5; i++) {
            ring.put(key("key_" + i, "secret" + i));
            ring.find("secret" + i, NOW);
        }
        // When
        var first = ring.unstoredUses(3);
        ring.noteUses(first);
        var second = ring.unstoredUses(3);
        ring.noteUses(second);
        // Then
        assertThat(first).hasSize(3);
        assertThat(second).hasSize(2).doesNotContainKeys(first.keySet().toArray(KeyId[]::new));
        assertThat(ring.unstoredUses(3)).isEmpty();
    }

    @Test
    void earlier_use_that_another_server_stored_does_not_replace_a_later_one() {
        // Given
        ring.put(key("key_1", "one"));
        ring.find("one", NOW);
        // When
        ring.noteUses(Map.of(new KeyId("key_1"), NOW.minusSeconds(600), new KeyId("key_2"), NOW));
        // Then
        assertThat(ring.used(new KeyId("key_1"))).contains(NOW);
        assertThat(ring.used(new KeyId("key_2"))).isEmpty();
    }
}
