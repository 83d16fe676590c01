package dev.quotary.api.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.api.key.Keys;
import dev.quotary.api.key.Secret;
import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.KeyRing;
import dev.quotary.testkit.FakeClock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The keys that tokens are signed with, where the operator has a master key. */
class SealedSigningKeysTest {
    private static final MasterKey ONE = MasterKey.of(new Secret("11".repeat(32)));
    private static final MasterKey TWO = MasterKey.of(new Secret("22".repeat(32)));

    private final Map<String, CatalogStore.Document> stored = new TreeMap<>();
    private final CatalogStore store = new CatalogStore() {
        @Override
        public List<Document> load() {
            return List.copyOf(stored.values());
        }

        @Override
        public void write(CatalogChange change) {
            change.saved().forEach(document -> stored.put(document.key(), document));
        }
    };

    /** A start of a server; what it digests is the same as long as its signing key is. */
    private byte[] digest(Optional<MasterKey> sealing, Optional<MasterKey> other) {
        var ring = new KeyRing();
        new Keys(store, ring, new MasterKeys(sealing, other), new SplittableRandom(3), new FakeClock()).load();
        return ring.tokens().digest("text");
    }

    private String body() {
        return stored.values().iterator().next().body();
    }

    @Test
    void new_key_is_sealed_and_opens_again() {
        // When
        var first = digest(Optional.of(ONE), Optional.empty());
        // Then
        assertThat(body()).contains("\"sealed\":", ONE.id()).doesNotContain("\"key\":");
        assertThat(digest(Optional.of(ONE), Optional.empty())).isEqualTo(first);
        assertThat(stored).hasSize(1);
    }

    @Test
    void key_from_before_is_sealed_at_the_first_start_with_a_master_key() {
        // Given
        var before = digest(Optional.empty(), Optional.empty());
        assertThat(body()).contains("\"key\":");
        // When
        var after = digest(Optional.of(ONE), Optional.empty());
        // Then
        assertThat(after).isEqualTo(before);
        assertThat(body()).contains("\"sealed\":").doesNotContain("\"key\":");
    }

    @Test
    void key_is_sealed_anew_when_the_master_key_changes() {
        // Given
        var before = digest(Optional.of(ONE), Optional.empty());
        // When
        var changing = digest(Optional.of(TWO), Optional.of(ONE));
        // Then
        assertThat(changing).isEqualTo(before);
        assertThat(body()).contains(TWO.id());
        assertThat(digest(Optional.of(TWO), Optional.empty())).isEqualTo(before);
    }

    @Test
    void start_without_the_master_key_says_which_one_is_wanted_and_changes_nothing() {
        // Given
        digest(Optional.of(ONE), Optional.empty());
        var sealed = body();
        // When, Then
        for (var wrong : List.of(Optional.<MasterKey>empty(), Optional.of(TWO))) {
            assertThatThrownBy(() -> digest(wrong, Optional.empty()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(ONE.id())
                    .hasMessageContaining("QUOTARY_MASTER_KEY");
        }
        assertThat(body()).isEqualTo(sealed);
    }

    @Test
    void sealed_key_that_was_moved_under_another_name_is_not_opened() {
        // Given
        digest(Optional.of(ONE), Optional.empty());
        var document = stored.values().iterator().next();
        stored.clear();
        stored.put("other", new CatalogStore.Document(document.kind(), "", "other", document.body()));
        // When, Then
        assertThatThrownBy(() -> digest(Optional.of(ONE), Optional.empty()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cannot be opened");
    }
}
