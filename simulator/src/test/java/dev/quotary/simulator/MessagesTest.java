package dev.quotary.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Anthropic's messages. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MessagesTest {
    private static final String STREAM = ",\"stream\":true";

    private final TestProvider provider = TestProvider.open();

    @AfterAll
    void close() {
        provider.close();
    }

    @Test
    void plain_answer_has_anthropics_form() throws Exception {
        // When
        var response = post("[simulate input=100 output=2 model=claude-opus-5-20260701]", "");
        // Then
        assertThat(masked(response.body()))
                .isEqualTo(
                        "{\"id\":\"msg_*\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-opus-5-20260701\","
                                + "\"content\":[{\"type\":\"text\",\"text\":\"*\",\"citations\":null}],\"stop_reason\":\"end_turn\","
                                + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":100,\"cache_creation_input_tokens\":0,"
                                + "\"cache_read_input_tokens\":0,\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,"
                                + "\"ephemeral_1h_input_tokens\":0},\"output_tokens\":2,\"service_tier\":\"standard\","
                                + "\"inference_geo\":\"global\",\"speed\":null,\"server_tool_use\":null,\"output_tokens_details\":null}}");
        assertThat(response.headers().firstValue("request-id").orElseThrow()).startsWith("req_");
        assertThat(response.headers().firstValue("openai-version")).isEmpty();
    }

    @Test
    void counts_of_the_input_exclude_each_other() throws Exception {
        // When
        var usage = usage("[simulate input=1000 cached=500 cache_write=200 cache_write_1h=100 output=30 reasoning=20"
                + " searches=3 tier=priority speed=fast region=us]");
        // Then
        assertThat(usage.path("input_tokens").asInt()).isEqualTo(200);
        assertThat(usage.path("cache_read_input_tokens").asInt()).isEqualTo(500);
        assertThat(usage.path("cache_creation_input_tokens").asInt()).isEqualTo(300);
        assertThat(usage.at("/cache_creation/ephemeral_5m_input_tokens").asInt())
                .isEqualTo(200);
        assertThat(usage.at("/cache_creation/ephemeral_1h_input_tokens").asInt())
                .isEqualTo(100);
        assertThat(usage.path("output_tokens").asInt()).isEqualTo(30);
        assertThat(usage.at("/output_tokens_details/thinking_tokens").asInt()).isEqualTo(20);
        assertThat(usage.at("/server_tool_use/web_search_requests").asInt()).isEqualTo(3);
        assertThat(usage.path("service_tier").asText()).isEqualTo("priority");
        assertThat(usage.path("speed").asText()).isEqualTo("fast");
        assertThat(usage.path("inference_geo").asText()).isEqualTo("us");
    }

    @Test
    void stream_has_anthropics_events_in_their_order() throws Exception {
        // When
        var body = post("[simulate input=100 cache_write=60 cache_write_1h=10 output=12 reasoning=10 pings]", STREAM)
                .body();
        // Then
        assertThat(names(body))
                .containsExactly(
                        "message_start",
                        "ping",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "content_block_start",
                        "content_block_delta",
                        "ping",
                        "content_block_delta",
                        "ping",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        var start = data(body).getFirst();
        assertThat(start.at("/message/usage/input_tokens").asInt()).isEqualTo(30);
        assertThat(start.at("/message/usage/cache_creation/ephemeral_1h_input_tokens")
                        .asInt())
                .isEqualTo(10);
        assertThat(start.at("/message/usage/output_tokens").asInt()).isEqualTo(1);
        var end = data(body).get(11);
        assertThat(end.at("/delta/stop_reason").asText()).isEqualTo("end_turn");
        assertThat(end.at("/usage/output_tokens").asInt()).isEqualTo(12);
        assertThat(end.at("/usage/cache_creation_input_tokens").asInt()).isEqualTo(70);
        assertThat(end.path("usage").has("cache_creation")).isFalse();
    }

    @Test
    void stream_says_the_same_as_the_plain_answer() throws Exception {
        // Given
        var plain = TestProvider.json(post("Tell me more", ""));
        // When
        var body = post("Tell me more", STREAM).body();
        // Then
        var text = data(body).stream()
                .map(event -> event.at("/delta/text").asText())
                .collect(Collectors.joining());
        assertThat(text).isEqualTo(plain.at("/content/0/text").asText());
    }

    @Test
    void maximum_cuts_an_answer_short() throws Exception {
        // When
        var json = TestProvider.json(post("[simulate output=2000]", ""));
        // Then
        assertThat(json.path("stop_reason").asText()).isEqualTo("max_tokens");
        assertThat(json.at("/usage/output_tokens").asInt()).isEqualTo(1000);
    }

    @Test
    void maximum_of_nothing_only_fills_the_cache() throws Exception {
        // Given
        var request = asking("[simulate input=100 cache_write=90]", "").replace("1000", "0");
        // When
        var json = TestProvider.json(send(request));
        // Then
        assertThat(json.path("content")).isEmpty();
        assertThat(json.at("/usage/output_tokens").asInt()).isZero();
        assertThat(json.at("/usage/cache_creation_input_tokens").asInt()).isEqualTo(90);
    }

    @Test
    void usage_can_be_left_out() throws Exception {
        // When
        var plain = TestProvider.json(post("[simulate no_usage]", ""));
        var stream = post("[simulate no_usage]", STREAM).body();
        // Then
        assertThat(plain.has("usage")).isFalse();
        assertThat(stream).doesNotContain("usage");
    }

    @Test
    void stream_can_fail_after_it_began() throws Exception {
        // When
        var body = post("[simulate output=9 error_after=2]", STREAM).body();
        // Then
        assertThat(names(body)).endsWith("content_block_delta", "content_block_delta", "error");
        assertThat(data(body).getLast().at("/error/type").asText()).isEqualTo("overloaded_error");
    }

    @Test
    void stream_can_end_as_if_that_were_all() throws Exception {
        // When
        var body = post("[simulate output=9 truncate_after=2]", STREAM).body();
        // Then
        assertThat(names(body)).endsWith("content_block_delta", "content_block_delta");
    }

    @Test
    void stream_can_lose_its_connection() {
        // When / Then
        assertThatThrownBy(() -> post("[simulate output=9 cut_after=2]", STREAM))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error",
        "401, authentication_error",
        "402, billing_error",
        "403, permission_error",
        "404, not_found_error",
        "409, conflict_error",
        "413, request_too_large",
        "429, rate_limit_error",
        "500, api_error",
        "504, timeout_error",
        "529, overloaded_error"
    })
    void simulated_error_has_anthropics_form(int status, String type) throws Exception {
        // When
        var response = post("[simulate error=" + status + "]", "");
        // Then
        var json = TestProvider.json(response);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json.path("type").asText()).isEqualTo("error");
        assertThat(json.at("/error/type").asText()).isEqualTo(type);
        assertThat(json.at("/error/message").asText()).isNotEmpty();
        assertThat(json.path("request_id").asText())
                .isEqualTo(response.headers().firstValue("request-id").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "{\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "{\"model\":\"m\",\"max_tokens\":1}",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[]}",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"nobody\",\"content\":\"x\"}]}",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\"}]}",
                "{\"model\":\"m\",\"max_tokens\":-1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "{\"model\":\"m\",\"max_tokens\":1,\"service_tier\":\"dear\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
            })
    void request_that_is_wrong_is_refused(String body) throws Exception {
        // When
        var response = send(body);
        // Then
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(TestProvider.json(response).at("/error/type").asText()).isEqualTo("invalid_request_error");
    }

    @Test
    void version_must_be_told() throws Exception {
        // When
        var response = provider.send(provider.request("/v1/messages").POST(BodyPublishers.ofString(asking("Hi", ""))));
        // Then
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("anthropic-version: header is required");
    }

    @ParameterizedTest
    @CsvSource({"x-api-key,sk-1,200", "authorization,Bearer sk-1,200", "x-api-key,sk-2,401", "x-other,sk-1,401"})
    void key_comes_in_either_header(String header, String value, int status) throws Exception {
        try (var locked = TestProvider.locked("sk-1")) {
            // When
            var response = locked.send(locked.request("/v1/messages")
                    .header("anthropic-version", "2023-06-01")
                    .header(header, value)
                    .POST(BodyPublishers.ofString(asking("Hi", ""))));
            // Then
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(locked.provider().requests()).isEqualTo(1);
        }
    }

    @Test
    void tokens_are_counted() throws Exception {
        // Given
        var body = "{\"model\":\"m\",\"system\":[{\"type\":\"text\",\"text\":\"12345678\"}],\"messages\":"
                + "[{\"role\":\"user\",\"content\":\"1234\"}]}";
        // When
        var response = provider.send(request("/v1/messages/count_tokens").POST(BodyPublishers.ofString(body)));
        // Then
        assertThat(response.body()).isEqualTo("{\"input_tokens\":12}");
    }

    @Test
    void models_are_listed_in_anthropics_form_for_its_clients() throws Exception {
        // When
        var response = provider.send(request("/v1/models").GET());
        // Then
        assertThat(TestProvider.json(response).at("/data/0/type").asText()).isEqualTo("model");
        assertThat(TestProvider.json(response).path("has_more").asBoolean(true)).isFalse();
    }

    private ObjectNode usage(String directive) throws IOException, InterruptedException {
        return (ObjectNode) TestProvider.json(post(directive, "")).path("usage");
    }

    private HttpResponse<String> post(String text, String more) throws IOException, InterruptedException {
        return send(asking(text, more));
    }

    private HttpResponse<String> send(String body) throws IOException, InterruptedException {
        return provider.send(request("/v1/messages").POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return provider.request(path).header("anthropic-version", "2023-06-01");
    }

    private static String asking(String text, String more) {
        return "{\"model\":\"claude-opus-5\",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"" + text
                + "\"}]" + more + "}";
    }

    private static List<String> names(String body) {
        return events(body)
                .map(event -> event.substring("event: ".length(), event.indexOf('\n')))
                .toList();
    }

    private static List<ObjectNode> data(String body) {
        return events(body)
                .map(event -> event.substring(event.indexOf("\ndata: ") + "\ndata: ".length()))
                .map(data -> Json.object(data.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static Stream<String> events(String body) {
        return Stream.of(body.split("\n\n", -1)).filter(event -> !event.isEmpty());
    }

    private static String masked(String body) {
        return body.replaceAll("msg_[a-z0-9]+", "msg_*").replaceAll("\"text\":\"[^\"]+\"", "\"text\":\"*\"");
    }
}
