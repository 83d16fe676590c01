package dev.quotary.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.simulator.SimulatedProvider.Options;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.net.ConnectException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class SimulatedProviderTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    @Test
    void counts_the_calls_that_arrive_at_the_chat_endpoint() throws Exception {
        try (var provider = TestProvider.locked("k")) {
            // Given
            assertThat(provider.provider().requests()).isZero();

            // When
            provider.send(provider.chat(TestProvider.asking("Hi")).header("authorization", "Bearer k"));
            provider.send(provider.chat("not json").header("authorization", "bearer k"));
            provider.post(TestProvider.asking("Hi"));
            provider.send(provider.request("/v1/models"));
            provider.send(provider.request("/v1/chat/completions"));
            provider.send(provider.request("/v1/other").POST(BodyPublishers.noBody()));

            // Then
            assertThat(provider.provider().requests()).isEqualTo(3);
        }
    }

    @Test
    void a_closed_provider_takes_no_calls() {
        var provider = TestProvider.open();
        try (provider) {
            // When
            TestProvider.await(provider.provider().close());

            // Then
            assertThatThrownBy(() -> provider.post(TestProvider.asking("Hi"))).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void an_address_in_use_fails_the_start() {
        try (var provider = TestProvider.open()) {
            // Given
            var vertx = Vertx.vertx();
            var options = Options.open("127.0.0.1", provider.provider().port(), CLOCK);

            // When
            var start = SimulatedProvider.start(vertx, options);

            // Then
            assertThatThrownBy(() -> TestProvider.await(start))
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseInstanceOf(BindException.class);
            TestProvider.await(vertx.close());
        }
    }

    @Test
    void options_are_checked() {
        assertThatThrownBy(() -> Options.open(" ", 0, CLOCK)).hasMessageContaining("expected a host name");
        assertThatThrownBy(() -> Options.open("localhost", -1, CLOCK)).hasMessageContaining("was -1");
        assertThatThrownBy(() -> Options.open("localhost", 65_536, CLOCK)).hasMessageContaining("0..65535");
        assertThatThrownBy(() -> new SimulatedProvider.Key("")).hasMessageContaining("expected a key");
    }

    @Test
    void a_key_is_never_shown() {
        assertThat(new SimulatedProvider.Key("sk-secret")).hasToString("***");
    }

    @Test
    void ids_differ_after_a_restart() {
        // Given
        var before = new Stamps(Instant.ofEpochMilli(1)).next();

        // When
        var after = new Stamps(Instant.ofEpochMilli(2)).next();

        // Then
        assertThat(after.completionId()).isNotEqualTo(before.completionId());
        assertThat(after.requestId()).matches("req_sim[0-9a-f]{19}");
    }
}
