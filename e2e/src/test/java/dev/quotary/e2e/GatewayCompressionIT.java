package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.RawHttp.Header;
import dev.quotary.e2e.TestServer.Setup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that come compressed, from clients and from providers. */
@Timeout(60)
class GatewayCompressionIT {
    private static final String LIMIT = "{ key: tokens, meter: tokens, per: subject, window: day, max: 1000 }";

    @TempDir
    private Path directory;

    private CannedProvider provider;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(30, 4)));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private TestServer server() {
        return TestServer.start(directory, Setup.of(provider.baseUrl(), LIMIT));
    }

    private static byte[] gzipped(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Ask ask(TestServer server, byte[] body) {
        return Ask.post(TestServer.CHAT, body)
                .key(server.serviceKey())
                .with("X-Quotary-Subject", "ada")
                .with("Content-Encoding", "gzip");
    }

    private static int used(TestServer server) {
        return server.limit("ada", "tokens").get("used").asInt();
    }

    @Test
    void compressed_request_is_decoded_and_sent_on_as_it_is_then() {
        // Given
        try (var server = server()) {
            // When
            var answer = server.exchange(ask(server, gzipped(Chat.bytes(Chat.CAPPED))));
            // Then
            assertThat(answer.status()).isEqualTo(200);
            var sent = provider.taken();
            assertThat(sent.text()).isEqualTo(Chat.CAPPED);
            assertThat(sent.header("content-encoding")).isEmpty();
            assertThat(sent.header("content-length")).hasValue(Integer.toString(Chat.CAPPED.length()));
            assertThat(used(server)).isEqualTo(34);
        }
    }

    @Test
    void bomb_and_what_is_not_compressed_are_refused() {
        // Given
        try (var server = server()) {
            // When
            var bomb = server.exchange(ask(server, gzipped(new byte[80 << 20])));
            var plain = server.exchange(ask(server, Chat.bytes(Chat.CAPPED)));
            // Then
            assertThat(bomb.status()).isEqualTo(413);
            assertThat(plain.status()).isEqualTo(400);
            assertThat(Api.json(plain.text()).at("/error/message").asText()).contains("gzip");
            assertThat(provider.calls()).isZero();
        }
    }

    @Test
    void compressed_answer_passes_as_it_is_and_is_metered_exactly() {
        // Given
        byte[] body = gzipped(Chat.bytes(Chat.answer(30, 4)));
        provider.answers(CannedProvider.whole(200, List.of(new Header("content-encoding", "gzip")), body));
        try (var server = server()) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(body);
            assertThat(answer.header("content-encoding")).hasValue("gzip");
            var event = server.event(answer);
            assertThat(event.get("source").asText()).isEqualTo("provider");
            assertThat(used(server)).isEqualTo(34);
        }
    }

    @Test
    void answer_that_cannot_be_decoded_is_charged_by_an_estimate_that_is_marked() {
        // Given
        provider.answers(CannedProvider.whole(200, List.of(new Header("content-encoding", "br")), new byte[50]));
        try (var server = server()) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(server.event(answer).get("source").asText()).isEqualTo("estimate");
            assertThat(used(server)).isGreaterThanOrEqualTo(50);
        }
    }

    @Test
    void compressed_stream_does_not_pass_and_what_was_asked_is_charged() {
        // Given
        byte[] body = gzipped(Chat.bytes(Chat.chunk("Hi") + Chat.end(6, 1)));
        provider.answers(CannedProvider.stream(
                List.of(new Header("content-type", "text/event-stream"), new Header("content-encoding", "gzip")),
                List.of(body)));
        try (var server = server()) {
            // When
            var answer = server.chat("ada", Chat.STREAMED);
            // Then
            assertThat(answer.status()).isEqualTo(502);
            var event = server.event(answer);
            assertThat(event.get("error_type").asText()).isEqualTo("provider_compressed");
            assertThat(event.get("source").asText()).isEqualTo("estimate");
            assertThat(used(server)).isPositive();
            assertThat(server.limit("ada", "tokens").get("held").asInt()).isZero();
        }
    }
}
