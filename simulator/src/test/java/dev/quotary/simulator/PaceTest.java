package dev.quotary.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final String STREAM = ",\"stream\":true";

    private final HandDelays delays = new HandDelays();
    private final TestProvider provider = TestProvider.delayedBy(delays);

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void an_answer_waits_for_its_latency() throws Exception {
        // Given
        var response = post(TestProvider.asking("[simulate latency=200ms]"));
        var wait = delays.next();
        assertThat(response).isNotDone();

        // When
        wait.run();

        // Then
        assertThat(wait.delay()).isEqualTo(Duration.ofMillis(200));
        assertThat(arrived(response).headers().firstValue("openai-processing-ms"))
                .contains("200");
        assertThat(delays.nothingWaits()).isTrue();
    }

    @Test
    void an_error_waits_for_its_latency() throws Exception {
        // Given
        var response = post(TestProvider.asking("[simulate latency=2s error=503]"));
        var wait = delays.next();

        // When
        wait.run();

        // Then
        assertThat(wait.delay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(arrived(response).statusCode()).isEqualTo(503);
    }

    @Test
    void a_streams_events_keep_their_distance() throws Exception {
        // Given
        var response = post(TestProvider.asking("[simulate output=2 latency=1s chunk_delay=10ms]", STREAM));
        var latency = delays.next();

        // When
        latency.run();
        // Opening, two texts, closing and end mark have four gaps.
        for (int gap = 0; gap < 4; gap++) {
            var wait = delays.next();
            assertThat(wait.delay()).isEqualTo(Duration.ofMillis(10));
            wait.run();
        }

        // Then
        assertThat(latency.delay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(arrived(response).body()).endsWith("data: [DONE]\n\n");
        assertThat(delays.nothingWaits()).isTrue();
    }

    @Test
    void a_hanging_call_ends_with_its_client() throws Exception {
        // Given
        var socket = provider.posted(TestProvider.asking("[simulate hang]"));
        var hanging = delays.next();
        assertThat(hanging.delay()).isEqualTo(Duration.ofHours(1));
        assertThat(hanging.cancelled()).isNotDone();

        // When
        socket.close();

        // Then
        hanging.cancelled().get(TestProvider.WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void a_hanging_call_does_not_outlast_its_deadline() throws Exception {
        try (var socket = provider.posted(TestProvider.asking("[simulate hang]"))) {
            // Given
            var hanging = delays.next();

            // When
            hanging.run();

            // Then
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void a_stream_stops_when_its_client_goes() throws Exception {
        // Given
        var socket = provider.posted(TestProvider.asking("[simulate output=9 chunk_delay=1s]", STREAM));
        delays.next().run();
        var pause = delays.next();

        // When
        socket.close();

        // Then
        pause.cancelled().get(TestProvider.WAIT_SECONDS, TimeUnit.SECONDS);
        pause.run();
        assertThat(arrived(post(TestProvider.asking("Hi"))).statusCode()).isEqualTo(200);
    }

    @Test
    void a_client_that_goes_during_the_latency_gets_no_answer() throws Exception {
        // Given
        var socket = provider.posted(TestProvider.asking("[simulate latency=1s]"));
        var wait = delays.next();

        // When
        socket.close();

        // Then
        wait.cancelled().get(TestProvider.WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void a_real_delay_ends_by_itself() throws Exception {
        try (var real = TestProvider.open()) {
            // When
            var response = real.post(TestProvider.asking("[simulate latency=1ms chunk_delay=1ms]", STREAM));

            // Then
            assertThat(response.body()).endsWith("data: [DONE]\n\n");
        }
    }

    private CompletableFuture<HttpResponse<String>> post(String body) {
        return provider.http().sendAsync(provider.chat(body).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> arrived(CompletableFuture<HttpResponse<String>> response) throws Exception {
        return response.get(TestProvider.WAIT_SECONDS, TimeUnit.SECONDS);
    }
}
