package dev.quotary.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.http.InvalidInputException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProviderConfigTest {
    private static ProviderConfig local(String more) {
        var yaml = "providers: { local: { base_url: 'http://127.0.0.1:11434', prices: free" + more + " } }";
        var providers = new ConfigReader(Map.of(), Path.of("/etc/quotary"))
                .read(yaml, Optional.empty())
                .providers();
        return Objects.requireNonNull(providers.get("local"));
    }

    @Test
    void servers_are_asked_for_usage_unless_that_is_switched_off() {
        assertThat(local("").asksForUsage()).isTrue();
        assertThat(local(", stream_usage: ask").asksForUsage()).isTrue();
        assertThat(local(", stream_usage: unasked").asksForUsage()).isFalse();
        assertThatThrownBy(() -> local(", stream_usage: sometimes"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("expected ask or unasked");
    }
}
