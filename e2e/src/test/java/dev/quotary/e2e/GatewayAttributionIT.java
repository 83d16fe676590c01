package dev.quotary.e2e;

import static dev.quotary.e2e.GatewayFailuresIT.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.TestServer.Setup;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who a call through the gateway was for: the headers, the limits that they decide, and the event that keeps them. */
@Timeout(60)
class GatewayAttributionIT {
    private static final String METADATA =
            "{\"ticket\":\"T-1\",\"nested\":{\"list\":[1,2.50,null,true]},\"text\":\"a\\\"b\"}";

    @TempDir
    private Path directory;

    private CannedProvider provider;
    private TestServer server;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(60, 40)));
        server = TestServer.start(
                directory,
                Setup.of(
                        provider.baseUrl(),
                        "{ key: per-session, meter: requests, per: session, window: day, max: 1 }",
                        "{ key: per-workflow, meter: requests, per: workflow, window: day, max: 2 }",
                        "{ key: drafts, meter: requests, per: subject, window: day, max: 1, where: { feature: draft } }",
                        "{ key: gpt-4, meter: requests, per: subject, window: day, max: 1, where: { model: 'gpt-4.1*' } }"));
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
    }

    @Test
    void event_keeps_everything_the_headers_say() {
        // Given
        var ask = server.chatOf("ada", Chat.CAPPED)
                .with("X-Quotary-Session", "s-9")
                .with("X-Quotary-Workflow", "w-3")
                .with("X-Quotary-Feature", "chat")
                .with("X-Quotary-Metadata", METADATA);
        // When
        var answer = server.exchange(ask);
        // Then
        var event = server.event(answer);
        assertThat(event.get("organization").asText()).isEqualTo("acme");
        assertThat(event.get("subject").asText()).isEqualTo("ada");
        assertThat(event.get("session").asText()).isEqualTo("s-9");
        assertThat(event.get("workflow").asText()).isEqualTo("w-3");
        assertThat(event.get("feature").asText()).isEqualTo("chat");
        assertThat(event.get("provider").asText()).isEqualTo("openai");
        assertThat(event.get("model").asText()).isEqualTo("gpt-4o-mini");
        assertThat(event.get("metadata")).isEqualTo(Api.json(METADATA));
        assertThat(event.get("time").asText()).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(event.get("outcome").asText()).isEqualTo("success");
        assertThat(event.get("latency_ms").asLong()).isZero();
        assertThat(event.at("/quantities/requests").asLong()).isEqualTo(1);
        assertThat(event.at("/quantities/tokens").asLong()).isEqualTo(100);
        assertThat(event.at("/quantities/tokens.input").asLong()).isEqualTo(60);
        assertThat(event.at("/quantities/tokens.output").asLong()).isEqualTo(40);
    }

    @Test
    void key_of_a_subject_stands_for_the_header() {
        // Given
        var ask = Ask.post(TestServer.CHAT, Chat.CAPPED).key(server.keyOf("bob"));
        // When
        var answer = server.exchange(ask);
        // Then
        assertThat(server.event(answer).get("subject").asText()).isEqualTo("bob");
    }

    @Test
    void call_of_a_service_key_that_names_nobody_counts_for_the_organization() {
        // Given
        var ask = Ask.post(TestServer.CHAT, Chat.CAPPED).key(server.serviceKey());
        // When
        var answer = server.exchange(ask);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(server.event(answer).get("subject").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"X-Quotary-Session, s-1, s-2, 1", "X-Quotary-Workflow, w-1, w-2, 2", "X-Quotary-Feature, draft, chat, 1"
    })
    void limit_of_a_session_a_workflow_or_a_feature_counts_its_own_calls_only(
            String header, String own, String other, int max) {
        // Given
        for (int i = 0; i < max; i++) {
            assertThat(server.exchange(server.chatOf("ada", Chat.CAPPED).with(header, own))
                            .status())
                    .isEqualTo(200);
        }
        // When
        var again = server.exchange(server.chatOf("ada", Chat.CAPPED).with(header, own));
        var elsewhere = server.exchange(server.chatOf("ada", Chat.CAPPED).with(header, other));
        var without = server.chat("ada", Chat.CAPPED);
        // Then
        assertThat(List.of(again.status(), elsewhere.status(), without.status()))
                .containsExactly(402, 200, 200);
    }

    @Test
    void limit_on_some_models_counts_these_only() {
        // Given
        server.chat("ada", Chat.CAPPED.replace("gpt-4o-mini", "gpt-4.1"));
        // When
        var again = server.chat("ada", Chat.CAPPED.replace("gpt-4o-mini", "gpt-4.1-mini"));
        var other = server.chat("ada", Chat.CAPPED);
        // Then
        assertThat(again.status()).isEqualTo(402);
        assertThat(again.header("X-Quotary-Limit")).hasValue("gpt-4");
        assertThat(other.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "[1]", "\"text\"", "{\"a\":1} x", "{\"a\":1,\"a\":2}"})
    void metadata_that_is_no_json_object_is_refused_without_being_repeated(String metadata) {
        // Given
        var ask = server.chatOf("ada", Chat.CAPPED).with("X-Quotary-Metadata", metadata);
        // When
        var refused = server.exchange(ask);
        // Then
        assertError(refused, 400, "invalid_request_error", "invalid_request");
        assertThat(refused.text()).contains("X-Quotary-Metadata").doesNotContain(metadata);
        assertThat(provider.calls()).isZero();
    }

    @Test
    void metadata_too_long_is_refused() {
        // Given
        var ask = server.chatOf("ada", Chat.CAPPED).with("X-Quotary-Metadata", "{\"a\":\"" + "x".repeat(9000) + "\"}");
        // When
        var refused = server.exchange(ask);
        // Then
        assertError(refused, 400, "invalid_request_error", "invalid_request");
        assertThat(provider.calls()).isZero();
    }

    @Test
    void subject_too_long_is_refused() {
        // Given
        var ask = server.chatOf("x".repeat(257), Chat.CAPPED);
        // When
        var refused = server.exchange(ask);
        // Then
        assertError(refused, 400, "invalid_request_error", "invalid_request");
        assertThat(provider.calls()).isZero();
    }
}
