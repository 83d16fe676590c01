package dev.quotary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bugs in what reads a provider's bytes: whatever fails, the client is told, the provider's slot and the hold come back, and what the
 * provider served is charged.
 */
@Timeout(60)
class GatewayFaultsTest {
    private static final String PLAIN =
            "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":5}";
    private static final String STREAMED = PLAIN.replaceFirst("}$", ",\"stream\":true}");
    private static final String CHUNK = "data: {\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,"
            + "\"delta\":{\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}]}\n\n";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer provider;

    @BeforeEach
    void start() throws Exception {
        provider = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    boolean streamed = body.toString().contains("\"stream\":true");
                    request.response().end(streamed ? CHUNK + "data: [DONE]\n\n" : "{\"choices\":[{\"index\":0}]}");
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private GatewayUnderTest gateway(boolean bounded) {
        return GatewayUnderTest.start(directory, URI.create("http://127.0.0.1:" + provider.actualPort()), bounded);
    }

    /** The status, or 0 where the connection broke before the end of the answer. */
    private int call(GatewayUnderTest gateway, String body) throws InterruptedException {
        var request = HttpRequest.newBuilder(gateway.chat())
                .timeout(Duration.ofSeconds(20))
                .header("authorization", gateway.key())
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            return answer.statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "WRITING,     true,  500, 0",
        "WRITING,     false, 500, 0",
        "ANSWER,      true,  200, 1",
        "ANSWER,      false, 200, 1",
        "ANSWER_TEXT, true,  200, 1",
        "ESTIMATE,    true,  200, 1",
        "ESTIMATE,    false, 200, 1"
    })
    void call_that_a_bug_meets_is_answered_and_gives_everything_back(
            Fault fault, boolean bounded, int status, int charged) throws Exception {
        // Given
        try (var gateway = gateway(bounded)) {
            gateway.format.failsAt(fault);
            // When
            int answered = call(gateway, PLAIN);
            // Then
            assertThat(answered).isEqualTo(status);
            assertGivenBack(gateway, charged);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "WRITING,  true,  500, 0",
        "RELAY,    true,  500, 0",
        "RELAY,    false, 500, 0",
        "FEED,     true,  500, 1",
        "FEED,     false, 500, 1",
        "FACTS,    true,  500, 1",
        "FINISH,   true,  0,   1",
        "FINISH,   false, 0,   1",
        "TEXT,     true,  0,   1",
        "TAIL,     true,  0,   1",
        "ESTIMATE, true,  200, 1"
    })
    void stream_that_a_bug_meets_ends_and_gives_everything_back(Fault fault, boolean bounded, int status, int charged)
            throws Exception {
        // Given
        try (var gateway = gateway(bounded)) {
            gateway.format.failsAt(fault);
            // When
            int answered = call(gateway, STREAMED);
            // Then
            assertThat(answered).isEqualTo(status);
            assertGivenBack(gateway, charged);
        }
    }

    /** A hold that nothing was asked with is given back behind the answer. */
    private int callOnceThereIsRoom(GatewayUnderTest gateway) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int status = call(gateway, PLAIN);
        while (status == 429 && System.nanoTime() < deadline) {
            status = call(gateway, PLAIN);
        }
        return status;
    }

    private void assertGivenBack(GatewayUnderTest gateway, int charged) throws InterruptedException {
        gateway.format.failsAt(Fault.NONE);
        assertThat(gateway.slots.taken()).isZero();
        assertThat(gateway.charged()).isEqualTo(charged);
        // What was asked is held with 30 tokens, and the answer with five more, or with its text where that cannot be
        // counted.
        assertThat(gateway.tokens()).isBetween(charged * 6L, charged * 40L);
        assertThat(callOnceThereIsRoom(gateway)).isEqualTo(200);
        assertThat(call(gateway, STREAMED)).isEqualTo(200);
        assertThat(gateway.charged()).isEqualTo(charged + 2L);
        assertThat(gateway.slots.taken()).isZero();
    }
}
