package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.TestServer.Setup;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams that write more than was held for them, as servers do that ignore a cap: more is held, or the stream ends. */
@Timeout(60)
class GatewayCutOffIT {
    /** 120 bytes, which are 20 tokens, of which a reader of bytes is sure of 7: over the 5 that were held. */
    private static final String LONG = " again".repeat(20);

    @TempDir
    private Path directory;

    private final CountDownLatch looked = new CountDownLatch(1);
    private CannedProvider provider;

    @BeforeEach
    void start() {
        provider = CannedProvider.start((_, to) -> {
            to.begin(200, Chat.EVENT_STREAM);
            to.piece(Chat.bytes(Chat.chunk(LONG)));
            to.await(looked);
            to.piece(Chat.bytes(Chat.end(8, 20)));
            to.end();
        });
    }

    @AfterEach
    void stop() {
        looked.countDown();
        provider.close();
    }

    @Test
    void stream_that_no_limit_has_more_room_for_ends_with_an_error_event_and_is_charged_as_far_as_it_came() {
        // Given
        try (var server = server(100)) {
            // When
            var answer = server.exchange(server.chatOf("ada", Chat.STREAMED));
            var text = answer.text();
            // Then
            assertThat(text).startsWith(Chat.chunk(LONG));
            var rest = text.substring(Chat.chunk(LONG).length());
            assertThat(rest).startsWith("data: {\"error\":{").endsWith("}\n\n");
            var error = Api.json(rest.substring("data: ".length()).strip()).get("error");
            assertThat(error.get("type").asText()).isEqualTo("insufficient_quota");
            assertThat(error.get("message").asText())
                    .isEqualTo("Ended while streaming. Usage limit 'tokens' reached: 0 of 100 tokens used per day, "
                            + "and this call may need up to 291. It resets at 2026-11-23T00:00:00Z. "
                            + "Upgrade: /settings/billing");
            var event = server.event(answer);
            assertThat(event.get("source").asText()).isEqualTo("estimate");
            assertThat(event.get("outcome").asText()).isEqualTo("error");
            assertThat(event.get("error_type").asText()).isEqualTo("limit_reached");
            assertThat(event.at("/quantities/tokens.output").asLong()).isEqualTo(20);
            assertThat(server.limit("ada", "tokens").get("held").asLong()).isZero();
            assertThat(server.limit("ada", "tokens").get("used").asLong())
                    .isEqualTo(event.at("/quantities/tokens").asLong());
        }
    }

    @Test
    void stream_that_limits_have_room_for_holds_more_and_goes_on() {
        // Given
        try (var server = server(1000);
                var client = RawClient.connect(server.port())) {
            // When
            var head = client.send(server.chatOf("ada", Chat.STREAMED)).head();
            var held = Await.until(
                    () -> server.limit("ada", "tokens"),
                    limit -> limit.get("held").asLong() > 35);
            looked.countDown();
            client.chunksToEnd();
            // Then
            assertThat(held.get("held").asLong()).isEqualTo(35 + 256);
            assertThat(server.event(head).get("source").asText()).isEqualTo("provider");
            assertThat(server.limit("ada", "tokens").get("used").asLong()).isEqualTo(28);
            assertThat(server.limit("ada", "tokens").get("held").asLong()).isZero();
        }
    }

    private TestServer server(long max) {
        return TestServer.start(
                directory,
                Setup.of(
                        provider.baseUrl(),
                        "{ key: tokens, meter: tokens, per: subject, window: day, max: " + max + " }"));
    }
}
