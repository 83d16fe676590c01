package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.TestServer.Setup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Running streams: their pace, clients that leave or lag, and what is recorded when. */
@Timeout(60)
class GatewayStreamIT {
    private static final String TOKENS = "{ key: tokens, meter: tokens, per: subject, window: day, max: 1000 }";

    @TempDir
    private Path directory;

    private CannedProvider provider;
    private TestServer server;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.stream(
                Chat.EVENT_STREAM, List.of(Chat.bytes(Chat.chunk("Hello")), Chat.bytes(Chat.end(8, 1)))));
        server = TestServer.start(directory, Setup.of(provider.baseUrl(), TOKENS));
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
    }

    @Test
    void event_reaches_the_client_while_the_provider_still_writes_and_the_hold_stands_meanwhile() {
        // Given
        var read = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.begin(200, Chat.EVENT_STREAM);
            to.piece(Chat.bytes(Chat.chunk("Hello")));
            to.await(read);
            to.piece(Chat.bytes(Chat.end(8, 1)));
            to.end();
        });
        try (var client = RawClient.connect(server.port())) {
            // When
            var head = client.send(server.chatOf("ada", Chat.STREAMED)).head();
            var first = client.chunks(1);
            var running = server.limit("ada", "tokens");
            read.countDown();
            client.chunksToEnd();
            // Then
            assertThat(first).isEqualTo(Chat.bytes(Chat.chunk("Hello")));
            assertThat(running.get("held").asLong()).isEqualTo(35);
            assertThat(running.get("used").asLong()).isZero();
            assertThat(server.event(head).at("/quantities/tokens").asLong()).isEqualTo(9);
            assertThat(server.limit("ada", "tokens").get("used").asLong()).isEqualTo(9);
            assertThat(server.limit("ada", "tokens").get("held").asLong()).isZero();
        }
    }

    @Test
    void client_that_leaves_is_charged_what_the_provider_reports_at_the_end() {
        // Given
        var left = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.begin(200, Chat.EVENT_STREAM);
            to.piece(Chat.bytes(Chat.chunk("Hello")));
            to.await(left);
            for (int i = 0; i < 100; i++) {
                to.piece(Chat.bytes(Chat.chunk(" again")));
            }
            to.piece(Chat.bytes(Chat.end(8, 101)));
            to.end();
        });
        var client = RawClient.connect(server.port());
        var head = client.send(server.chatOf("ada", Chat.STREAMED)).head();
        client.chunks(1);
        // When
        client.reset();
        left.countDown();
        // Then
        var used = Await.until(
                () -> server.limit("ada", "tokens"), limit -> limit.get("used").asLong() > 0);
        assertThat(used.get("used").asLong()).isEqualTo(109);
        assertThat(used.get("held").asLong()).isZero();
        var event = server.event(head);
        assertThat(event.get("source").asText()).isEqualTo("provider");
        assertThat(event.at("/quantities/tokens.output").asLong()).isEqualTo(101);
    }

    @Test
    void client_that_leaves_before_the_first_byte_is_charged_what_the_provider_reports() {
        // Given
        var left = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.await(left);
            to.begin(200, Chat.EVENT_STREAM);
            to.piece(Chat.bytes(Chat.end(8, 1)));
            to.end();
        });
        var client = RawClient.connect(server.port());
        client.send(server.chatOf("ada", Chat.STREAMED));
        provider.taken();
        // When
        client.reset();
        left.countDown();
        // Then
        var used = Await.until(
                () -> server.limit("ada", "tokens"), limit -> limit.get("used").asLong() > 0);
        assertThat(used.get("used").asLong()).isEqualTo(9);
        assertThat(used.get("held").asLong()).isZero();
    }

    @Test
    void client_that_leaves_a_plain_call_is_charged_what_the_provider_reports() {
        // Given
        var left = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.await(left);
            to.whole(200, List.of(), Chat.bytes(Chat.answer(8, 2)));
        });
        var client = RawClient.connect(server.port());
        client.send(server.chatOf("ada", Chat.CAPPED));
        provider.taken();
        // When
        client.reset();
        left.countDown();
        // Then
        var used = Await.until(
                () -> server.limit("ada", "tokens"), limit -> limit.get("used").asLong() > 0);
        assertThat(used.get("used").asLong()).isEqualTo(10);
        assertThat(used.get("held").asLong()).isZero();
    }

    @Test
    void provider_that_breaks_off_after_the_client_left_is_settled_by_an_estimate() {
        // Given
        var left = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.begin(200, Chat.EVENT_STREAM);
            to.piece(Chat.bytes(Chat.chunk("Hello")));
            to.await(left);
            to.hangUp();
        });
        var client = RawClient.connect(server.port());
        var head = client.send(server.chatOf("ada", Chat.STREAMED)).head();
        client.chunks(1);
        // When
        client.reset();
        left.countDown();
        // Then
        var used = Await.until(
                () -> server.limit("ada", "tokens"), limit -> limit.get("used").asLong() > 0);
        assertThat(used.get("used").asLong()).isEqualTo(10);
        assertThat(server.event(head).get("source").asText()).isEqualTo("estimate");
    }

    @Test
    void cost_of_a_stream_comes_as_a_trailer_to_clients_that_take_one() {
        // Given
        var ask = server.chatOf("ada", Chat.STREAMED);
        // When
        var with = server.exchange(ask.with("TE", "trailers"));
        var without = server.exchange(ask);
        // Then
        assertThat(with.trailer("X-Quotary-Cost")).hasValue("0.0000018");
        assertThat(without.trailers()).isEmpty();
        assertThat(with.body()).isEqualTo(without.body());
    }

    @Test
    void http_2_client_gets_the_same_stream() throws IOException, InterruptedException {
        // Given
        var plain = server.exchange(server.chatOf("ada", Chat.STREAMED));
        var request = HttpRequest.newBuilder(URI.create(server.url() + TestServer.CHAT))
                .header("Authorization", "Bearer " + server.serviceKey())
                .header("X-Quotary-Subject", "ada")
                .POST(BodyPublishers.ofString(Chat.STREAMED))
                .build();
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            client.send(
                    HttpRequest.newBuilder(URI.create(server.url() + "/v1/models"))
                            .build(),
                    BodyHandlers.discarding());
            // When
            var answer = client.send(request, BodyHandlers.ofByteArray());
            // Then
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(plain.body());
            var id = answer.headers().firstValue("X-Quotary-Event").orElseThrow();
            assertThat(server.event(id).at("/quantities/tokens").asLong()).isEqualTo(9);
        }
    }

    @Test
    void one_connection_takes_calls_one_after_the_other() {
        // Given
        try (var client = RawClient.connect(server.port())) {
            // When
            var first = client.send(server.chatOf("ada", Chat.STREAMED)).answer();
            var refused = client.send(Ask.post("/v1/realtime", Chat.CAPPED).key(server.serviceKey()))
                    .answer();
            var second = client.send(server.chatOf("ada", Chat.STREAMED)).answer();
            // Then
            assertThat(first.status()).isEqualTo(200);
            assertThat(refused.status()).isEqualTo(501);
            assertThat(second.body()).isEqualTo(first.body());
        }
    }

    @Test
    void lagging_client_slows_the_provider_down_and_loses_nothing() throws InterruptedException {
        // Given
        int events = 64 << 10;
        var padding = "\"obfuscation\":\"" + "x".repeat(1 << 10) + "\",";
        var event = Chat.bytes(Chat.chunk("").replace("\"choices\"", padding + "\"choices\""));
        var written = new AtomicLong();
        var finished = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.begin(200, Chat.EVENT_STREAM);
            for (int i = 0; i < events; i++) {
                to.piece(event);
                written.addAndGet(event.length);
            }
            to.piece(Chat.bytes(Chat.end(8, 1)));
            to.end();
            finished.countDown();
        });
        try (var client = RawClient.connect(server.port(), 64 << 10)) {
            client.send(server.chatOf("ada", Chat.STREAMED)).head();
            // When
            boolean finishedWithoutReader = finished.await(1500, TimeUnit.MILLISECONDS);
            long ahead = written.get();
            long read = client.chunksToEnd();
            // Then
            assertThat(finishedWithoutReader).isFalse();
            assertThat(ahead).as("bytes that nobody has read").isLessThan(24L << 20);
            assertThat(written.get()).isEqualTo((long) events * event.length);
            assertThat(read).isGreaterThan(written.get());
        }
    }
}
