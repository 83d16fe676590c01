package dev.quotary.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.http.InvalidInputException;
import dev.quotary.server.config.ProviderConfig.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownProviderTest {
    @ParameterizedTest
    @CsvSource({
        "openai, OPENAI, https://api.openai.com, OPENAI_API_KEY",
        "anthropic, ANTHROPIC, https://api.anthropic.com, ANTHROPIC_API_KEY",
        "gemini, GEMINI, https://generativelanguage.googleapis.com, GEMINI_API_KEY",
    })
    void provider_that_is_known_needs_its_name_only(String name, Kind kind, URI baseUrl, String variable) {
        // When
        var yaml = "providers: { " + name + ": { timeout: 1m } }";
        var provider = provider(yaml, name, Map.of(variable, "sk-1"));
        var keyless = provider(yaml, name, Map.of("OTHER_API_KEY", "sk-1"));
        // Then
        assertThat(provider.kind()).isEqualTo(kind);
        assertThat(provider.baseUrls()).containsExactly(baseUrl);
        assertThat(provider.keys().own()).hasSize(1);
        assertThat(keyless.keys().own()).isEmpty();
    }

    @Test
    void what_is_configured_wins() {
        // When
        var provider = provider(
                "providers: { anthropic: { kind: openai, base_url: 'http://127.0.0.1:1' } }", "anthropic", Map.of());
        // Then
        assertThat(provider.kind()).isEqualTo(Kind.OPENAI);
        assertThat(provider.baseUrls()).containsExactly(URI.create("http://127.0.0.1:1"));
    }

    @Test
    void other_name_needs_an_address() {
        // When / Then
        assertThatThrownBy(() -> provider("providers: { claude: { kind: anthropic } }", "claude", Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("base_url");
    }

    private static ProviderConfig provider(String yaml, String name, Map<String, String> environment) {
        return Objects.requireNonNull(new ConfigReader(environment, Path.of("."))
                .read(yaml, Optional.empty())
                .providers()
                .get(name));
    }
}
