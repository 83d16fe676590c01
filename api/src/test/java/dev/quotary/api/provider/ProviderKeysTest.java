package dev.quotary.api.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.api.key.Secret;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.http.InvalidInputException;
import dev.quotary.testkit.FakeClock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProviderKeysTest {
    private static final MasterKey ONE = MasterKey.of(new Secret("11".repeat(32)));
    private static final MasterKey TWO = MasterKey.of(new Secret("22".repeat(32)));

    /** A catalog in memory. */
    private static final class Store implements CatalogStore {
        private final Map<String, Document> documents = new TreeMap<>();
        private int saves;

        @Override
        public List<Document> load() {
            return List.copyOf(documents.values());
        }

        @Override
        public void write(CatalogChange change) {
            saves++;
            change.saved().forEach(document -> documents.put(document.kind() + " " + document.key(), document));
        }
    }

    private final Store store = new Store();
    private final Map<String, List<String>> used = new TreeMap<>();

    private ProviderKeys keys(Optional<MasterKey> sealing, Optional<MasterKey> other) {
        used.clear();
        return new ProviderKeys(
                store,
                new MasterKeys(sealing, other),
                new SplittableRandom(1),
                new FakeClock(),
                new ProviderKeys.Users() {
                    @Override
                    public Set<String> names() {
                        return Set.of("openai", "other");
                    }

                    @Override
                    public void use(String provider, List<Secret> secrets) {
                        used.put(provider, secrets.stream().map(Secret::text).toList());
                    }
                });
    }

    private ProviderKeys loaded(MasterKey sealing) {
        var keys = keys(Optional.of(sealing), Optional.empty());
        keys.load();
        return keys;
    }

    private static List<Secret> secrets(String... texts) {
        return Stream.of(texts).map(Secret::new).toList();
    }

    @Test
    void keys_that_were_set_are_used_at_once_and_after_a_restart_and_stored_sealed() {
        // Given
        var keys = loaded(ONE);
        // When
        var shown = keys.set("openai", secrets("sk-proj-abcdefghijklmnopqrstuvwxyz", "sk-two"), Actor.SERVER);
        // Then
        assertThat(used)
                .containsExactlyEntriesOf(Map.of("openai", List.of("sk-proj-abcdefghijklmnopqrstuvwxyz", "sk-two")));
        assertThat(shown.getFirst().prefix()).isEqualTo("sk-proj-");
        assertThat(shown.getLast().prefix()).isEqualTo("s");
        assertThat(store.load().getFirst().body()).doesNotContain("abcdefgh").doesNotContain("sk-two");
        var again = loaded(ONE);
        assertThat(used.get("openai")).containsExactly("sk-proj-abcdefghijklmnopqrstuvwxyz", "sk-two");
        assertThat(again.keys("openai")).isEqualTo(shown);
        assertThat(store.saves).isEqualTo(1);
    }

    @Test
    void empty_list_goes_by_the_configuration_again() {
        // Given
        loaded(ONE).set("openai", secrets("sk-one"), Actor.SERVER);
        // When
        keys(Optional.empty(), Optional.empty()).set("openai", List.of(), Actor.SERVER);
        // Then
        assertThat(used.get("openai")).isEmpty();
        var withoutMaster = keys(Optional.empty(), Optional.empty());
        withoutMaster.load();
        assertThat(used.get("openai")).isEmpty();
        assertThat(withoutMaster.keys("openai")).isEmpty();
    }

    @Test
    void missing_or_wrong_master_key_ends_the_start_and_changes_nothing() {
        // Given
        loaded(ONE).set("openai", secrets("sk-one"), Actor.SERVER);
        var before = store.load();
        // When, Then
        for (var wrong : List.of(Optional.<MasterKey>empty(), Optional.of(TWO))) {
            assertThatThrownBy(() -> keys(wrong, Optional.empty()).load())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(ONE.id())
                    .hasMessageContaining("master_key");
            assertThat(used).isEmpty();
        }
        assertThat(store.load()).isEqualTo(before);
        loaded(ONE);
        assertThat(used.get("openai")).containsExactly("sk-one");
    }

    @Test
    void key_cannot_be_moved_to_another_provider_in_the_store() {
        // Given
        loaded(ONE).set("openai", secrets("sk-one"), Actor.SERVER);
        var stored = store.load().getFirst();
        // When
        store.save(List.of(new CatalogStore.Document(stored.kind(), "", "other", stored.body())));
        // Then
        assertThatThrownBy(() -> loaded(ONE)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void new_master_key_seals_anew_what_the_other_one_opens() {
        // Given
        loaded(ONE).set("openai", secrets("sk-one"), Actor.SERVER);
        var shown = loaded(ONE).keys("openai");
        // When
        keys(Optional.of(TWO), Optional.of(ONE)).load();
        // Then
        assertThat(used.get("openai")).containsExactly("sk-one");
        var again = loaded(TWO);
        assertThat(used.get("openai")).containsExactly("sk-one");
        assertThat(again.keys("openai")).isEqualTo(shown);
        assertThatThrownBy(() -> loaded(ONE)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void change_of_another_server_is_taken_and_one_that_cannot_be_opened_leaves_the_keys_as_they_are() {
        // Given
        loaded(ONE).set("openai", secrets("sk-new"), Actor.SERVER);
        var changed = store.load();
        loaded(ONE);
        keys(Optional.of(TWO), Optional.empty()).set("openai", secrets("sk-strange"), Actor.SERVER);
        var strange = store.load();
        var here = keys(Optional.of(ONE), Optional.empty());
        // When
        here.take(changed);
        here.take(strange);
        // Then
        assertThat(used.get("openai")).containsExactly("sk-new");
        assertThat(here.keys("openai")).hasSize(1);
    }

    @Test
    void what_is_no_key_is_refused_and_changes_nothing() {
        // Given
        var keys = loaded(ONE);
        keys.set("openai", secrets("sk-one"), Actor.SERVER);
        // When, Then
        for (var wrong : List.of(
                secrets(""),
                secrets("sk one"),
                secrets("sk\r\nX-Evil: 1"),
                secrets("ü"),
                secrets("a", "a"),
                secrets("a".repeat(4097)))) {
            assertThatThrownBy(() -> keys.set("openai", wrong, Actor.SERVER))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(
                        () -> keys(Optional.empty(), Optional.empty()).set("openai", secrets("sk-two"), Actor.SERVER))
                .hasMessageContaining("QUOTARY_MASTER_KEY");
        loaded(ONE);
        assertThat(used.get("openai")).containsExactly("sk-one");
    }
}
