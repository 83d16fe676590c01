package dev.quotary.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.gateway.upstream.Breaker;
import dev.quotary.gateway.upstream.Choice;
import dev.quotary.gateway.upstream.Fallback;
import dev.quotary.gateway.upstream.Retries;
import dev.quotary.gateway.upstream.Slots;
import dev.quotary.gateway.upstream.Timeouts;
import dev.quotary.http.InvalidInputException;
import dev.quotary.provider.openai.StreamUsage;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderConfigTest {
    private static ProviderConfig provider(Map<String, String> environment, String settings) {
        var config = new ConfigReader(environment, Path.of("/etc/quotary"))
                .read(
                        "providers: { local: { base_url: 'http://127.0.0.1:1' " + settings
                                + " }, other: { base_url: 'http://127.0.0.1:2' }, google: { kind: gemini, base_url: 'http://127.0.0.1:3' },"
                                + " theirs: { base_url: 'http://127.0.0.1:4', api_key: passthrough } }",
                        Optional.empty());
        return Objects.requireNonNull(config.providers().get("local"));
    }

    @Test
    void by_itself_a_provider_has_one_address_no_key_and_one_attempt() {
        // Given, When
        var provider = provider(Map.of(), "");
        // Then
        assertThat(provider.baseUrls()).containsExactly(URI.create("http://127.0.0.1:1"));
        assertThat(provider.keys()).isEqualTo(ProviderConfig.Keys.NONE);
        assertThat(provider.timeouts())
                .isEqualTo(new Timeouts(Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ofMinutes(10)));
        assertThat(provider.routing()).isEqualTo(ProviderConfig.Routing.DEFAULT);
    }

    @Test
    void everything_may_be_said() {
        // Given, When
        var provider = provider(
                Map.of("A", "sk-a"),
                ", api_keys: [ '${A}', '${NOT_SET}', sk-b ], choose: least_in_flight, timeout: 60s, connect_timeout: 2s,"
                        + " first_byte_timeout: 30s, breaker: { failures: 7, open: 1m },"
                        + " retries: { attempts: 4, backoff: 10ms, backoff_max: 1s, retry_after_max: 20s }, concurrency: 4, queue: { max: 7, wait: 2s },"
                        + " fallback: [ { for: gpt-4o*, model: gpt-4o-mini, when_limit: soft }, { provider: other } ]");
        // Then
        assertThat(provider.keys().own()).hasSize(2);
        assertThat(provider.timeouts())
                .isEqualTo(new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60)));
        assertThat(provider.routing())
                .isEqualTo(new ProviderConfig.Routing(
                        Choice.LEAST_IN_FLIGHT,
                        new Retries(4, Duration.ofMillis(10), Duration.ofSeconds(1), Duration.ofSeconds(20)),
                        Optional.of(new Breaker.Thresholds(7, Duration.ofMinutes(1))),
                        List.of(
                                new Fallback("gpt-4o*", "local", Optional.of("gpt-4o-mini"), Fallback.When.SOFT_LIMIT),
                                new Fallback("*", "other", Optional.empty(), Fallback.When.FAILURE)),
                        Optional.of(new Slots.Options(4, 7, Duration.ofSeconds(2)))));
    }

    @Test
    void environment_names_several_with_commas_and_sections_by_their_path() {
        // Given, When
        var provider = provider(
                Map.of(
                        "QUOTARY_PROVIDERS_LOCAL_API_KEYS",
                        "sk-a, sk-b,sk-c",
                        "QUOTARY_PROVIDERS_LOCAL_BREAKER_FAILURES",
                        "2",
                        "QUOTARY_PROVIDERS_LOCAL_RETRIES_ATTEMPTS",
                        "2"),
                "");
        // Then
        assertThat(provider.keys().own()).hasSize(3);
        assertThat(provider.routing().breaker()).contains(new Breaker.Thresholds(2, Duration.ofSeconds(30)));
        assertThat(provider.routing().retries().attempts()).isEqualTo(2);
    }

    @Test
    void clients_keys_pass_only_where_that_is_said() {
        assertThat(provider(Map.of(), ", api_key: passthrough").keys().clients())
                .isTrue();
        assertThat(provider(Map.of(), ", api_key: sk-a").keys().clients()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ", base_urls: [ 'http://127.0.0.1:2' ]",
                ", api_key: a, api_keys: [ b ]",
                ", choose: random",
                ", timeout: 0s",
                ", retries: { attempts: 11 }",
                ", retries: { backoff: 2m }",
                ", retries: { times: 2 }",
                ", breaker: { failures: 0 }",
                ", concurrency: 1, queue: { wait: 11m }",
                ", attribution: { subject_from: name }",
                ", attribution: { subject_from: 'header:' }",
                ", fallback: [ { provider: nobody } ]",
                ", fallback: [ { provider: google } ]",
                ", fallback: [ { provider: theirs } ]",
                ", fallback: [ { for: gpt-4o } ]",
                ", fallback: [ { model: gpt-4o, when_limit: hard } ]",
                ", breaker: { open: 0s }"
            })
    void what_means_nothing_ends_the_start(String settings) {
        assertThatThrownBy(() -> provider(Map.of(), settings)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void servers_are_asked_for_usage_unless_that_is_switched_off() {
        assertThat(provider(Map.of(), "").streamUsage()).isEqualTo(StreamUsage.ASK);
        assertThat(provider(Map.of(), ", stream_usage: ask").streamUsage()).isEqualTo(StreamUsage.ASK);
        assertThat(provider(Map.of(), ", stream_usage: unasked").streamUsage()).isEqualTo(StreamUsage.UNASKED);
        assertThat(provider(Map.of(), ", stream_usage: continuous").streamUsage())
                .isEqualTo(StreamUsage.CONTINUOUS);
        assertThatThrownBy(() -> provider(Map.of(), ", stream_usage: sometimes"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("expected ask, continuous or unasked");
    }
}
