package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.Role;
import org.junit.jupiter.api.Test;

class ProviderKeysEndpointTest extends ServerTest {
    private static final String KEYS = "/api/v1/providers/openai/keys";

    @Test
    void keys_are_set_listed_replaced_and_removed_and_never_given_back() {
        // When
        var set = admin.send("PUT", KEYS, "{\"keys\":[\"sk-proj-0123456789abcdef0123456789abcdef\"]}");
        var listed = admin.get(KEYS);
        // Then
        assertThat(set.status()).isEqualTo(200);
        assertThat(set.at("keys/0/prefix")).isEqualTo("sk-proj-");
        assertThat(set.at("keys/0/fingerprint")).isEqualTo("bd23f1827d63bd4c");
        assertThat(set.body()).doesNotContain("0123456789abcdef0123");
        assertThat(listed.body()).isEqualTo(set.body());
        assertThat(server.providerKeys.get("openai")).containsExactly("sk-proj-0123456789abcdef0123456789abcdef");
        admin.send("PUT", KEYS, "{\"keys\":[\"sk-b\",\"sk-c\"]}");
        assertThat(server.providerKeys.get("openai")).containsExactly("sk-b", "sk-c");
        assertThat(admin.send("PUT", KEYS, "{\"keys\":[]}").body()).contains("\"keys\":[]");
        assertThat(server.providerKeys.get("openai")).isEmpty();
    }

    @Test
    void only_an_admin_of_the_whole_server_may() {
        // Given
        var ofOne = server.as(server.key(Role.ADMIN, "acme", null));
        // When, Then
        for (var client : new ApiClient[] {ofOne, app}) {
            assertThat(client.send("PUT", KEYS, "{\"keys\":[]}").status()).isEqualTo(403);
            assertThat(client.get(KEYS).status()).isEqualTo(403);
        }
        assertThat(server.providerKeys).isEmpty();
    }

    @Test
    void bad_input_is_refused_without_quoting_a_key() {
        // When
        var unknown = admin.get("/api/v1/providers/nobody/keys");
        var spaces = admin.send("PUT", KEYS, "{\"keys\":[\"sk-secret with spaces\"]}");
        var field = admin.send("PUT", KEYS, "{\"keys\":[],\"key\":\"sk-secret\"}");
        var type = admin.send("PUT", KEYS, "{\"keys\":\"sk-secret\"}");
        // Then
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(spaces.status()).isEqualTo(400);
        assertThat(field.status()).isEqualTo(400);
        assertThat(type.status()).isEqualTo(400);
        assertThat(spaces.body() + field.body() + type.body()).doesNotContain("sk-secret");
        assertThat(server.providerKeys).isEmpty();
    }
}
