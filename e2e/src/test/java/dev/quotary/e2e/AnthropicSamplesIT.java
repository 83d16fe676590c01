package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.RawHttp.Header;
import dev.quotary.e2e.RawHttp.Message;
import dev.quotary.e2e.TestServer.Setup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges with Anthropic, passed through the gateway: the bytes of both sides, the usage, the cost to the last digit. */
@Timeout(60)
class AnthropicSamplesIT {
    private static final String MESSAGES = "/v1/messages";

    /** A whole stream: cached, written for both lives, thought, and grown on the way. */
    private static final String STREAM = """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-5","content":[],\
            "stop_reason":null,"usage":{"input_tokens":21,"cache_creation_input_tokens":1700,"cache_read_input_tokens":20000,\
            "cache_creation":{"ephemeral_5m_input_tokens":456,"ephemeral_1h_input_tokens":1244},"output_tokens":1,"service_tier":"standard"}}}

            event: ping
            data: {"type":"ping"}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"中文 😀"}}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":31,"cache_read_input_tokens":null,"output_tokens":50,\
            "output_tokens_details":{"thinking_tokens":40}}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    @TempDir
    private Path directory;

    private CannedProvider provider;
    private TestServer server;

    @BeforeEach
    void start() {
        provider = CannedProvider.start((_, to) -> to.hangUp());
        server = TestServer.start(
                directory,
                Setup.of(
                        provider.baseUrl(),
                        "{ key: rpm, meter: requests, per: subject, window: minute, max: 60 }",
                        "{ key: budget, meter: cost, per: subject, window: month, max: '2.00', where: { feature: dear } }"));
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/anthropic/v1/messages", MESSAGES})
    void plain_answer_passes_byte_for_byte_and_is_priced_exactly(String path) {
        // Given
        var sample = Sample.load("19-anthropic-cache-write-read");
        provider.answers(CannedProvider.whole(sample.status(), sample.answerHeaders(), sample.answer()));
        // When
        var answer = server.exchange(ask(path, sample.request()));
        // Then
        assertThat(provider.taken().body()).isEqualTo(sample.request());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(sample.answer());
        assertThat(answer.header("X-Quotary-Cost")).hasValue(sample.cost());
        assertThat(answer.headers()).containsAll(sample.answerHeaders());
        assertRecorded(sample, answer);
    }

    @ParameterizedTest
    @EnumSource(Pieces.class)
    void streamed_answer_passes_byte_for_byte_and_is_priced_exactly(Pieces cut) {
        // Given
        provider.answers(CannedProvider.stream(Chat.EVENT_STREAM, cut.of(Chat.bytes(STREAM))));
        // When
        var answer = server.exchange(
                ask(MESSAGES, Sample.load("22-anthropic-stream-cut").request()));
        // Then
        assertThat(answer.whole()).isTrue();
        assertThat(answer.text()).isEqualTo(STREAM);
        var event = server.event(answer);
        assertThat(event.get("source").asText()).isEqualTo("provider");
        assertThat(costLines(event))
                .containsExactly(
                        "input 31 x 0.000005 = 0.000155",
                        "cached_input 20000 x 0.0000005 = 0.01",
                        "cache_write_5m 456 x 0.00000625 = 0.00285",
                        "cache_write_1h 1244 x 0.00001 = 0.01244",
                        "output 50 x 0.000025 = 0.00125");
        assertThat(event.get("cost").asText()).isEqualTo("0.026695");
        assertThat(event.at("/tokens/reasoning").asLong()).isEqualTo(40);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cut_stream_costs_what_was_read_and_an_estimate_of_what_was_written(boolean reset) {
        // Given
        var sample = Sample.load("22-anthropic-stream-cut");
        var clientHasAll = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.begin(200, sample.answerHeaders());
            to.piece(sample.answer());
            to.await(clientHasAll);
            if (reset) {
                to.reset();
            } else {
                to.hangUp();
            }
        });
        // When
        try (var client = RawClient.connect(server.port())) {
            var head = client.send(ask(sample.path(), sample.request())).head();
            var received = client.chunks(sample.answer().length);
            clientHasAll.countDown();
            var error = text(client.chunks(1));
            // Then
            assertThat(text(received)).isEqualTo(text(sample.answer()));
            assertThat(client.atEnd()).isTrue();
            assertThat(error)
                    .startsWith("event: error\ndata: {\"type\":\"error\",")
                    .endsWith("\n\n");
            assertThat(Api.json(error.substring(error.indexOf('{')))
                            .at("/error/type")
                            .asText())
                    .isEqualTo("api_error");
            assertRecorded(sample, head);
            assertThat(server.event(head).get("error_type").asText()).isEqualTo("provider_broke_off");
        }
    }

    @Test
    void stream_that_fails_costs_what_is_known_of_it() {
        // Given
        var sample = Sample.load("23-anthropic-stream-error");
        provider.answers(CannedProvider.stream(sample.answerHeaders(), List.of(sample.answer())));
        // When
        var answer = server.exchange(ask(sample.path(), sample.request()));
        // Then
        assertThat(answer.body()).isEqualTo(sample.answer());
        assertRecorded(sample, answer);
        var event = server.event(answer);
        assertThat(event.get("outcome").asText()).isEqualTo("error");
        assertThat(event.get("error_type").asText()).isEqualTo("overloaded_error");
    }

    @Test
    void result_of_a_batch_is_priced_as_such_when_it_is_reported() {
        // Given
        var sample = Sample.load("26-anthropic-batch-tier");
        var line = sample.answerJson().asText();
        // When
        var recorded = server.api()
                .post("/api/v1/usage/records", "{\"provider\":\"anthropic\",\"provider_response\":" + line + "}");
        // Then
        var event = server.event(recorded.header("X-Quotary-Event").orElseThrow());
        assertThat(event.get("cost").asText()).isEqualTo(sample.cost());
        assertThat(costLines(event)).isEqualTo(sample.costLines());
        assertThat(event.at("/receipt/price/tier").asText()).isEqualTo("batch");
    }

    @Test
    void speed_and_region_multiply_tokens_and_not_searches() {
        // Given
        provider.answers(CannedProvider.json(message("\"input_tokens\":1000,\"output_tokens\":100,\"speed\":\"fast\","
                + "\"inference_geo\":\"us\",\"server_tool_use\":{\"web_search_requests\":3}")));
        // When
        var answer = server.exchange(adas(request("")));
        // Then: twice the price of opus, and a tenth more.
        assertThat(costLines(server.event(answer)))
                .containsExactly(
                        "input 1000 x 0.000011 = 0.011",
                        "output 100 x 0.000055 = 0.0055",
                        "web_searches 3 x 0.01 = 0.03");
        assertThat(answer.header("X-Quotary-Cost")).hasValue("0.0465");
    }

    @Test
    void summaries_are_added_and_advice_has_the_price_of_its_model() {
        // Given
        provider.answers(
                CannedProvider.json(
                        message(
                                "\"input_tokens\":1000,\"output_tokens\":100,\"iterations\":["
                                        + "{\"type\":\"message\",\"input_tokens\":1000,\"output_tokens\":100},"
                                        + "{\"type\":\"compaction\",\"input_tokens\":500,\"output_tokens\":50},"
                                        + "{\"type\":\"advisor_message\",\"model\":\"claude-sonnet-4-6\",\"input_tokens\":100,\"output_tokens\":10}]")));
        // When
        var answer = server.exchange(adas(request("")));
        // Then
        var event = server.event(answer);
        assertThat(costLines(event))
                .containsExactly("input 1500 x 0.000005 = 0.0075", "output 150 x 0.000025 = 0.00375");
        assertThat(event.at("/parts/0/model").asText()).isEqualTo("claude-sonnet-4-6");
        assertThat(event.at("/parts/0/receipt/total").asText()).isEqualTo("0.00045");
        assertThat(answer.header("X-Quotary-Cost")).hasValue("0.0117");
    }

    @Test
    void throttled_call_looks_like_sample_41() {
        // Given
        var sample = Sample.load("41-gateway-anthropic-429");
        provider.answers(CannedProvider.json(message("\"input_tokens\":1,\"output_tokens\":1")));
        server.clock().set(Instant.parse("2026-11-22T10:00:53Z"));
        for (int i = 0; i < 60; i++) {
            assertThat(server.exchange(adas(request(""))).status()).isEqualTo(200);
        }
        // When
        var refused = server.exchange(adas(text(sample.request())));
        // Then
        assertThat(refused.status()).isEqualTo(429);
        var expected = ((ObjectNode) Api.json(sample.answerJson().toString().replace("10:00:07", "10:01:00")));
        var told = Api.json(refused.text());
        assertThat(told.at("/error/message").asText()).contains("'rpm'", "60 of 60 requests");
        expected.withObject("/error").set("message", told.at("/error/message"));
        expected.set("request_id", told.get("request_id"));
        assertThat(refused.text()).isEqualTo(expected.toString());
        assertThat(told.get("request_id").asText())
                .startsWith("req_")
                .isEqualTo(refused.header("request-id").orElseThrow());
        assertThat(refused.headers())
                .contains(
                        new Header("retry-after", "7"),
                        new Header("anthropic-ratelimit-requests-limit", "60"),
                        new Header("anthropic-ratelimit-requests-remaining", "0"),
                        new Header("anthropic-ratelimit-requests-reset", "2026-11-22T10:01:00Z"));
        assertThat(refused.header("x-should-retry")).isEmpty();
        assertThat(provider.calls()).isEqualTo(60);
    }

    @Test
    void call_that_costs_too_much_is_refused_for_good() {
        // When: 2,000 tokens of output fit the budget, a million do not.
        var refused = server.exchange(adas(request("").replace("\"max_tokens\":100", "\"max_tokens\":1000000"))
                .with("X-Quotary-Feature", "dear"));
        // Then
        assertThat(refused.status()).isEqualTo(402);
        var told = Api.json(refused.text());
        assertThat(told.at("/error/type").asText()).isEqualTo("billing_error");
        assertThat(told.at("/error/details/error_code").asText()).isEqualTo("quotary_limit_reached");
        assertThat(refused.header("x-should-retry")).hasValue("false");
        assertThat(refused.header("retry-after")).isEmpty();
        assertThat(provider.calls()).isZero();
    }

    @Test
    void adviser_is_held_at_its_own_price() {
        // When: the call alone would fit, the adviser writes at twice the price.
        var refused = server.exchange(adas(request(
                        ",\"tools\":[{\"type\":\"advisor_20260301\",\"name\":\"advisor\",\"model\":\"claude-opus-4-1\","
                                + "\"max_uses\":1,\"max_tokens\":30000}]"))
                .with("X-Quotary-Feature", "dear"));
        var granted = server.exchange(adas(request(
                        ",\"tools\":[{\"type\":\"advisor_20260301\",\"name\":\"advisor\",\"model\":\"claude-haiku-4-5\","
                                + "\"max_uses\":1,\"max_tokens\":30000}]"))
                .with("X-Quotary-Feature", "dear"));
        // Then
        assertThat(refused.status()).isEqualTo(402);
        assertThat(granted.status()).isNotEqualTo(402);
    }

    @Test
    void call_of_a_model_without_a_price_is_refused_where_a_budget_applies() {
        // When
        var refused = server.exchange(
                adas(request(",\"fallbacks\":[{\"model\":\"claude-nobody\"}]")).with("X-Quotary-Feature", "dear"));
        // Then
        assertThat(refused.status()).isEqualTo(422);
        assertThat(Api.json(refused.text()).at("/error/details/error_code").asText())
                .isEqualTo("model_not_priced");
    }

    @Test
    void key_is_replaced_and_the_clients_version_and_betas_pass() {
        // Given
        provider.answers(CannedProvider.json(message("\"input_tokens\":1,\"output_tokens\":1")));
        // When
        server.exchange(Ask.post(MESSAGES, request(""))
                .with("x-api-key", server.serviceKey())
                .with("anthropic-version", "2026-10-21")
                .with("anthropic-beta", "fast-mode-2026-02-01,context-1m-2025-08-07"));
        // Then
        var asked = provider.taken();
        assertThat(asked.asked()).isEqualTo("POST /v1/messages");
        assertThat(asked.headers())
                .containsExactlyInAnyOrder(
                        new Header("anthropic-version", "2026-10-21"),
                        new Header("anthropic-beta", "fast-mode-2026-02-01,context-1m-2025-08-07"),
                        new Header("Content-Type", "application/json"),
                        new Header("accept-encoding", "identity"),
                        new Header("x-api-key", TestServer.PROVIDER_KEY),
                        new Header("host", provider.baseUrl().getAuthority()),
                        new Header(
                                "content-length", Integer.toString(request("").length())));
    }

    @ParameterizedTest
    @CsvSource({"/anthropic/v1/messages/count_tokens", "/v1/messages/count_tokens"})
    void tokens_are_counted_for_nothing(String path) {
        // Given
        provider.answers(CannedProvider.json("{\"input_tokens\":7}"));
        // When
        var answer = server.exchange(adas(path, request("")));
        // Then
        assertThat(answer.text()).isEqualTo("{\"input_tokens\":7}");
        assertThat(provider.taken().asked()).isEqualTo("POST /v1/messages/count_tokens");
        assertThat(answer.header("X-Quotary-Event")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/anthropic/v1/messages/batches",
        "/v1/messages/batches",
        "/v1/messages/batches/b/results",
        "/anthropic/v1/files"
    })
    void what_cannot_be_metered_is_refused_in_the_providers_shape(String path) {
        // When
        var refused = server.exchange(adas(path, request("")));
        // Then
        assertThat(refused.status()).isEqualTo(501);
        var told = Api.json(refused.text());
        assertThat(told.get("type").asText()).isEqualTo("error");
        assertThat(told.at("/error/details/error_code").asText()).isEqualTo("not_meterable");
        assertThat(provider.calls()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"claude-opus-5\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]} | max_tokens: Field required",
                "{\"model\":\"claude-opus-5\",\"model\":\"m\"} | model: given more than once",
                "{ | The request body is not valid JSON in UTF-8."
            })
    void request_that_cannot_be_read_is_refused(String body, String message) {
        // When
        var refused = server.exchange(adas(body));
        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(Api.json(refused.text()).at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(Api.json(refused.text()).at("/error/message").asText()).isEqualTo(message);
    }

    private static String request(String more) {
        return "{\"model\":\"claude-opus-5\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
                + more + "}";
    }

    private static String message(String usage) {
        return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-opus-5\",\"content\":[],"
                + "\"stop_reason\":\"end_turn\",\"usage\":{" + usage + "}}";
    }

    private Ask adas(String body) {
        return adas(MESSAGES, body);
    }

    private Ask adas(String path, String body) {
        return ask(path, body.getBytes(StandardCharsets.UTF_8)).with("X-Quotary-Subject", "ada");
    }

    private Ask ask(String path, byte[] body) {
        return Ask.post(path, body).with("x-api-key", server.serviceKey());
    }

    private void assertRecorded(Sample sample, Message answer) {
        var event = server.event(answer);
        assertThat(event.get("cost").asText()).isEqualTo(sample.cost());
        assertThat(event.get("source").asText())
                .isEqualTo(sample.usage().get("source").asText());
        assertThat(costLines(event)).isEqualTo(sample.costLines());
        for (var part : List.of("input", "cached_input", "cache_write_5m", "cache_write_1h", "output", "reasoning")) {
            assertThat(event.get("tokens").get(part).asLong())
                    .as(part)
                    .isEqualTo(sample.usage().get(part).asLong());
        }
    }

    private static List<String> costLines(JsonNode event) {
        var lines = new ArrayList<String>();
        for (var line : event.at("/receipt/lines")) {
            lines.add(
                    line.get("component").asText() + " " + line.get("quantity").asText() + " x "
                            + line.get("unit_price").asText() + " = "
                            + line.get("amount").asText());
        }
        return lines;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
