package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.TestServer.Setup;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls near a limit whose text has more bytes than there is room, but fewer tokens. */
@Timeout(60)
class GatewayCountingIT {
    /** 3,000 bytes, 500 tokens. */
    private static final String PROSE = " again".repeat(500);
    /** As held when counted: 500 of text, 1 that closes it, 1 of the role, a tenth and 20 more, 24 of framing, 5 of output. */
    private static final long PROSE_HELD = 602;

    @TempDir
    private Path directory;

    private CannedProvider provider;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(508, 5)));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void call_that_fits_by_its_tokens_is_admitted_with_its_count_held() {
        // Given
        var answering = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.await(answering);
            to.whole(200, List.of(), Chat.bytes(Chat.answer(508, 5)));
        });
        try (var server = server(PROSE_HELD);
                var client = RawClient.connect(server.port())) {
            // When
            client.send(server.chatOf("ada", asking("gpt-4o-mini", PROSE)));
            provider.taken();
            var running = server.limit("ada", "tokens");
            answering.countDown();
            var answer = client.answer();
            // Then
            assertThat(running.get("held").asLong()).isEqualTo(PROSE_HELD);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(server.limit("ada", "tokens").get("used").asLong()).isEqualTo(513);
            assertThat(server.limit("ada", "tokens").get("held").asLong()).isZero();
        }
    }

    @Test
    void call_that_does_not_fit_by_its_tokens_is_refused() {
        // Given
        try (var server = server(PROSE_HELD - 1)) {
            // When
            var answer = server.exchange(server.chatOf("ada", asking("gpt-4o-mini", PROSE)));
            // Then
            assertThat(answer.status()).isEqualTo(402);
            assertThat(answer.text()).contains("this call may need up to 602.");
            assertThat(provider.calls()).isZero();
            assertThat(server.limit("ada", "tokens").get("held").asLong()).isZero();
        }
    }

    private static String asking(String model, String text) {
        return Chat.CAPPED.replace("gpt-4o-mini", model).replace("Hi", text);
    }

    private TestServer server(long max) {
        return TestServer.start(
                directory,
                Setup.of(
                        provider.baseUrl(),
                        "{ key: tokens, meter: tokens, per: subject, window: day, max: " + max + " }"));
    }
}
