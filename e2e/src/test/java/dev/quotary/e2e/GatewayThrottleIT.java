package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.TestServer.Setup;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A limit that slows down: calls beyond its maximum wait in the gateway before the provider is asked. */
@Timeout(60)
class GatewayThrottleIT {
    @TempDir
    private Path directory;

    private CannedProvider provider;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(60, 40)));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void call_beyond_the_maximum_is_made_after_the_delay() {
        // Given
        try (var server = server("300ms")) {
            var first = server.chat("ada", Chat.CAPPED);
            // When
            var begun = System.nanoTime();
            var second = server.chat("ada", Chat.CAPPED);
            var waited = System.nanoTime() - begun;
            var third = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(first.header("X-Quotary-Delay-Ms")).isEmpty();
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.header("X-Quotary-Decision")).hasValue("throttled");
            assertThat(second.header("X-Quotary-Delay-Ms")).hasValue("300");
            assertThat(second.header("Retry-After")).isEmpty();
            assertThat(waited).isGreaterThanOrEqualTo(300_000_000L);
            assertThat(third.status()).isEqualTo(429);
            assertThat(provider.calls()).isEqualTo(2);
        }
    }

    @Test
    void client_that_leaves_while_it_is_held_up_gives_its_hold_back() {
        // Given
        try (var server = server("30s")) {
            server.chat("ada", Chat.CAPPED);
            try (var leaving = RawClient.connect(server.port())) {
                leaving.send(server.chatOf("ada", Chat.CAPPED));
                Await.until(() -> held(server), held -> held == 1);
                // When: it leaves.
            }
            // Then
            assertThat(Await.until(() -> held(server), held -> held == 0)).isZero();
            assertThat(server.limit("ada", "slow").get("used").asLong()).isEqualTo(1);
            assertThat(provider.calls()).isEqualTo(1);
        }
    }

    private static long held(TestServer server) {
        return server.limit("ada", "slow").get("held").asLong();
    }

    private TestServer server(String delay) {
        return TestServer.start(
                directory,
                Setup.of(
                        provider.baseUrl(),
                        "{ key: slow, meter: requests, per: subject, window: day, max: 1, "
                                + "exceeded: { action: throttle, delay: " + delay + " } }"));
    }
}
