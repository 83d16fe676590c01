package dev.quotary.e2e;

import static dev.quotary.e2e.GatewayFailuresIT.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.RawHttp.Message;
import dev.quotary.e2e.TestServer.Setup;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that the gateway answers itself: always in the provider's own error shape, and never sent on. */
@Timeout(60)
class GatewayRefusalsIT {
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
    void exhausted_quota_looks_like_sample_38() {
        // Given
        var sample = Sample.load("38-gateway-openai-402");
        provider.answers(
                CannedProvider.json(Chat.answer(0, 10_000_000).replace("gpt-4o-mini-2024-07-18", "gpt-4o-2024-08-06")));
        try (var server = server("{ key: budget, meter: cost, per: organization, window: month, max: '100.00' }")) {
            var used = server.chat("ada", Chat.CAPPED.replace("gpt-4o-mini", "gpt-4o"));
            assertThat(used.header("X-Quotary-Cost")).hasValue("100");
            // When
            var refused =
                    server.exchange(Ask.post(TestServer.CHAT, sample.request()).key(server.serviceKey()));
            // Then
            assertSameShape(refused, sample);
            assertError(refused, 402, "insufficient_quota", "insufficient_quota");
            assertThat(refused.header("x-should-retry")).hasValue("false");
            assertThat(refused.header("retry-after")).isEmpty();
            assertThat(refused.header("retry-after-ms")).isEmpty();
            assertThat(message(refused))
                    .contains("'budget'", "$100 of $100", "2026-12-01T00:00:00Z", "/settings/billing");
            assertThat(provider.calls()).isEqualTo(1);
        }
    }

    @Test
    void refusal_takes_the_form_of_the_limit_for_which_waiting_does_not_help() {
        // Given
        try (var server = server(
                "{ key: rpm, meter: requests, per: subject, window: minute, max: 1 }",
                "{ key: monthly, meter: tokens, per: subject, window: month, max: 100 }")) {
            server.chat("ada", Chat.CAPPED);
            // When
            var refused = server.chat("ada", Chat.CAPPED);
            // Then
            assertError(refused, 402, "insufficient_quota", "insufficient_quota");
            assertThat(refused.header("x-quotary-limit")).hasValue("rpm, monthly");
            assertThat(message(refused)).contains("'rpm'", "'monthly'");
            assertThat(refused.header("retry-after")).isEmpty();
        }
    }

    @Test
    void throttled_call_looks_like_sample_39() {
        // Given
        var sample = Sample.load("39-gateway-openai-429");
        try (var server = server("{ key: rpm, meter: requests, per: subject, window: minute, max: 60 }")) {
            server.clock().set(Instant.parse("2026-11-22T10:00:53.600Z"));
            for (int i = 0; i < 60; i++) {
                assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(200);
            }
            // When
            var refused = server.exchange(Ask.post(TestServer.CHAT, sample.request())
                    .key(server.serviceKey())
                    .with("X-Quotary-Subject", "ada"));
            // Then
            assertSameShape(refused, sample);
            assertError(refused, 429, "requests", "rate_limit_exceeded");
            assertThat(refused.headers())
                    .containsAll(sample.answerHeaders().stream()
                            .filter(header -> !header.name().equals("x-request-id"))
                            .toList());
            assertThat(refused.header("x-should-retry")).isEmpty();
            assertThat(provider.calls()).isEqualTo(60);
        }
    }

    @Test
    void throttled_call_whose_wait_is_long_is_not_to_be_repeated() {
        // Given
        try (var server = server("{ key: tpm, meter: tokens, per: subject, window: minute, max: 100 }")) {
            server.chat("ada", Chat.CAPPED);
            // When
            var refused = server.chat("ada", Chat.CAPPED);
            // Then
            assertError(refused, 429, "tokens", "rate_limit_exceeded");
            assertThat(refused.header("retry-after")).hasValue("60");
            assertThat(refused.header("retry-after-ms")).hasValue("60000");
            assertThat(refused.header("x-ratelimit-limit-tokens")).hasValue("100");
            assertThat(refused.header("x-ratelimit-remaining-tokens")).hasValue("0");
            assertThat(refused.header("x-ratelimit-reset-tokens")).hasValue("1m0s");
            assertThat(refused.header("x-should-retry")).hasValue("false");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/realtime",
                "/v1/batches",
                "/v1/files",
                "/v1/uploads",
                "/v1/responses/resp_1",
                "/v1/chat/completions/chatcmpl-1",
                "/v1/chat/completions/",
                "/v1/models/../responses",
                "/v1/models/%2E%2e/files",
                "/v1/models/..%2Ffiles",
                "/v1/",
                "/openai/v1/assistants",
                "/openai/v1/threads",
                "/openai/v2/chat/completions",
                "/openai/"
            })
    void path_that_cannot_be_metered_is_not_forwarded(String path) {
        // Given
        try (var server = server()) {
            // When
            var refused = server.exchange(Ask.post(path, Chat.CAPPED).key(server.serviceKey()));
            // Then
            assertError(refused, 501, "invalid_request_error", "not_meterable");
            assertThat(refused.header("x-should-retry")).hasValue("false");
            assertThat(provider.calls()).isZero();
        }
    }

    @Test
    void web_socket_is_not_forwarded() {
        // Given
        try (var server = server()) {
            var ask = Ask.get("/v1/realtime?model=gpt-realtime")
                    .key(server.serviceKey())
                    .with("Connection", "Upgrade")
                    .with("Upgrade", "websocket")
                    .with("Sec-WebSocket-Version", "13")
                    .with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
            // When
            var refused = server.exchange(ask);
            // Then
            assertError(refused, 501, "invalid_request_error", "not_meterable");
            assertThat(provider.calls()).isZero();
        }
    }

    @Test
    void method_that_is_not_meant_is_405() {
        // Given
        try (var server = server()) {
            // When
            var read = server.exchange(Ask.get(TestServer.CHAT).key(server.serviceKey()));
            var written = server.exchange(Ask.post("/v1/models", "{}").key(server.serviceKey()));
            // Then
            assertError(read, 405, "invalid_request_error", "method_not_allowed");
            assertError(written, 405, "invalid_request_error", "method_not_allowed");
            assertThat(provider.calls()).isZero();
        }
    }

    @Test
    void list_of_models_is_free_and_passes() {
        // Given
        provider.answers(CannedProvider.json("{\"object\":\"list\",\"data\":[]}"));
        try (var server = server("{ key: none, meter: requests, per: organization, window: day, max: 0 }")) {
            // When
            var answer = server.exchange(Ask.get("/openai/v1/models?after=x").key(server.serviceKey()));
            // Then
            assertThat(answer.text()).isEqualTo("{\"object\":\"list\",\"data\":[]}");
            var asked = provider.taken();
            assertThat(asked.asked()).isEqualTo("GET /v1/models?after=x");
            assertThat(asked.header("authorization")).hasValue("Bearer " + TestServer.PROVIDER_KEY);
        }
    }

    @Test
    void body_over_the_maximum_is_413() {
        // Given
        byte[] body = new byte[(64 << 20) + 1];
        Arrays.fill(body, (byte) ' ');
        try (var server = server()) {
            // When
            var refused = server.exchange(Ask.post(TestServer.CHAT, body).key(server.serviceKey()));
            // Then
            assertError(refused, 413, "invalid_request_error", "body_too_large");
            assertThat(provider.calls()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"gpt-4o-mini\" | not valid JSON",
                "[1] | must be a JSON object",
                "{\"model\":\"gpt-4o-mini\"} | 'messages'",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]} | 'model'",
                "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":-1} | max_tokens",
                "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"n\":1.5} | 'n'",
                "{\"model\":\"gpt-4o-mini\",\"model\":\"gpt-4\",\"messages\":[]} | Duplicate parameter",
                "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]} {} | nothing after it"
            })
    void body_that_cannot_be_read_is_400(String body, String told) {
        // Given
        try (var server = server()) {
            // When
            var refused = server.chat("ada", body);
            // Then
            assertThat(refused.status()).isEqualTo(400);
            assertThat(Api.json(refused.text()).at("/error/type").asText()).isEqualTo("invalid_request_error");
            assertThat(message(refused)).contains(told);
            assertThat(refused.header("x-should-retry")).hasValue("false");
            assertThat(provider.calls()).isZero();
        }
    }

    @Test
    void body_in_an_encoding_that_is_not_read_is_400() {
        // Given
        try (var server = server()) {
            // When
            var refused = server.exchange(server.chatOf("ada", Chat.CAPPED).with("Content-Encoding", "zstd"));
            // Then
            assertError(refused, 400, "invalid_request_error", "invalid_request");
            assertThat(provider.calls()).isZero();
        }
    }

    @Test
    void unpriced_model_is_422_where_a_limit_on_cost_applies_and_passes_with_a_cap_elsewhere() {
        // Given
        var body = Chat.UNCAPPED.replace("gpt-4o-mini", "house-model");
        try (var server = server("{ key: cost, meter: cost, per: subject, window: day, max: '1.00' }")) {
            // When
            var refused = server.chat("ada", body);
            // Then
            assertError(refused, 422, "invalid_request_error", "model_not_priced");
            assertThat(provider.calls()).isZero();
        }
    }

    @Test
    void unknown_model_without_a_limit_on_cost_passes_with_a_cap_and_costs_nothing() {
        // Given
        var body = Chat.UNCAPPED.replace("gpt-4o-mini", "house-model");
        provider.answers(CannedProvider.json(Chat.answer(60, 40).replace("gpt-4o-mini-2024-07-18", "house-model")));
        try (var server = server()) {
            // When
            var answer = server.chat("ada", body);
            // Then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(provider.taken().text()).isEqualTo(body.replaceFirst("}$", ",\"max_completion_tokens\":32768}"));
            assertThat(answer.header("X-Quotary-Cost")).hasValue("0");
            assertThat(server.event(answer).get("receipt").isNull()).isTrue();
        }
    }

    @Test
    void blocked_subject_is_403() {
        // Given
        try (var server = server()) {
            // When
            var refused = server.chat("eve", Chat.CAPPED);
            // Then
            assertError(refused, 403, "invalid_request_error", "subject_blocked");
            assertThat(provider.calls()).isZero();
        }
    }

    @Test
    void key_acts_for_nobody_but_its_own() {
        // Given
        try (var server = server()) {
            var ofAda = Ask.post(TestServer.CHAT, Chat.CAPPED).key(server.keyOf("ada"));
            // When
            var otherSubject = server.exchange(ofAda.with("X-Quotary-Subject", "bob"));
            var otherOrganization = server.exchange(ofAda.with("X-Quotary-Organization", "other"));
            var answer = server.exchange(ofAda);
            var event =
                    "/api/v1/usage/events/" + answer.header("X-Quotary-Event").orElseThrow();
            // Then
            assertError(otherSubject, 403, "invalid_request_error", "forbidden");
            assertError(otherOrganization, 403, "invalid_request_error", "forbidden");
            assertThat(provider.calls()).isEqualTo(1);
            assertThat(server.api(server.otherKey()).get(event).status()).isEqualTo(404);
            assertThat(server.api(server.keyOf("bob")).get(event).status()).isEqualTo(404);
            assertThat(server.api(server.keyOf("ada")).get(event).status()).isEqualTo(200);
        }
    }

    @Test
    void subjects_of_the_same_name_in_two_organizations_are_two() {
        // Given
        try (var server = server("{ key: calls, meter: requests, per: subject, window: day, max: 1 }")) {
            server.chat("zoe", Chat.CAPPED);
            // When
            var other = server.exchange(Ask.post(TestServer.CHAT, Chat.CAPPED)
                    .key(server.otherKey())
                    .with("X-Quotary-Subject", "zoe"));
            // Then
            assertThat(other.status()).isEqualTo(200);
            assertThat(server.chat("zoe", Chat.CAPPED).status()).isEqualTo(402);
        }
    }

    @Test
    void call_without_a_valid_key_is_401() {
        // Given
        try (var server = server()) {
            var calls = new ArrayList<Ask>();
            calls.add(Ask.post(TestServer.CHAT, Chat.CAPPED));
            calls.add(Ask.post(TestServer.CHAT, Chat.CAPPED).key("qk_live_nobody"));
            calls.add(Ask.post(TestServer.CHAT, Chat.CAPPED).with("Authorization", server.serviceKey()));
            calls.add(Ask.post(TestServer.CHAT + "?key=qk_live_nobody", Chat.CAPPED));
            calls.add(Ask.get("/v1/models"));
            calls.add(Ask.post("/v1/responses", "{}"));
            // When
            var answers = calls.stream().map(server::exchange).toList();
            // Then
            for (var answer : answers) {
                assertError(answer, 401, "invalid_request_error", "invalid_api_key");
                assertThat(answer.header("x-should-retry")).hasValue("false");
                assertThat(answer.text()).doesNotContain(server.serviceKey());
            }
            assertThat(provider.calls()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-api-key", "x-goog-api-key"})
    void key_is_taken_from_the_header_of_any_official_client_and_goes_no_further(String header) {
        // Given
        try (var server = server()) {
            // When
            var answer = server.exchange(Ask.post(TestServer.CHAT, Chat.CAPPED).with(header, server.serviceKey()));
            // Then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(provider.taken().header(header)).isEmpty();
        }
    }

    @Test
    void key_is_taken_from_the_query_as_geminis_clients_send_it_and_goes_no_further() {
        // Given
        try (var server = server()) {
            var target = TestServer.CHAT + "?a=1&key=" + server.serviceKey() + "&b=2";
            // When
            var answer = server.exchange(Ask.post(target, Chat.CAPPED));
            // Then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(provider.taken().start()).isEqualTo("POST /v1/chat/completions?a=1&b=2 HTTP/1.1");
        }
    }

    @Test
    void path_of_no_provider_is_a_problem_of_the_api() {
        // Given
        try (var server = server()) {
            // When
            var refused = server.exchange(Ask.post("/mistral/v1/messages", "{}").key(server.serviceKey()));
            // Then
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.header("content-type")).hasValue("application/problem+json");
            assertThat(Api.json(refused.text()).get("code").asText()).isEqualTo("NOT_FOUND");
        }
    }

    private TestServer server(String... limits) {
        return TestServer.start(directory, Setup.of(provider.baseUrl(), limits));
    }

    private static String message(Message answer) {
        return Api.json(answer.text()).at("/error/message").asText();
    }

    /** Status, members and headers as in the sample; the words and the request id are ours. */
    private static void assertSameShape(Message answer, Sample sample) {
        assertThat(answer.status()).isEqualTo(sample.status());
        var told = Api.json(answer.text());
        var expected = sample.answerJson();
        assertThat(told.propertyStream().map(Map.Entry::getKey).toList())
                .isEqualTo(expected.propertyStream().map(Map.Entry::getKey).toList());
        for (var member : expected.get("error").properties()) {
            if (!member.getKey().equals("message")) {
                assertThat(told.get("error").get(member.getKey())).isEqualTo(member.getValue());
            }
        }
        for (var header : sample.answerHeaders()) {
            if (!header.name().equals("x-request-id")) {
                assertThat(answer.header(header.name())).as(header.name()).hasValue(header.value());
            }
        }
    }
}
