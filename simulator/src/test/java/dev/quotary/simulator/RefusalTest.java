package dev.quotary.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalTest {
    private static final int BODY_BYTES_MAX = 16 * 1024 * 1024;

    private final TestProvider provider = TestProvider.open();

    @AfterAll
    void close() {
        provider.close();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "null", textBlock = """
                    400, invalid_request_error, null
                    401, invalid_request_error, invalid_api_key
                    402, insufficient_quota,    insufficient_quota
                    403, request_forbidden,     unsupported_country_region_territory
                    404, invalid_request_error, model_not_found
                    409, invalid_request_error, null
                    429, requests,              rate_limit_exceeded
                    500, server_error,          null
                    503, server_error,          null
                    529, server_error,          null
                    """)
    void a_simulated_error_has_its_type_and_code(int status, String type, @Nullable String code) throws Exception {
        // When
        var response = provider.post(TestProvider.asking("[simulate error=" + status + "]"));

        // Then
        assertError(response, status, type);
        assertThat(TestProvider.json(response).at("/error/code").textValue()).isEqualTo(code);
        assertThat(response.headers().firstValue("retry-after").isPresent()).isEqualTo(status == 429);
    }

    @Test
    void a_simulated_error_replaces_a_stream_too() throws Exception {
        // When
        var response = provider.post(TestProvider.asking("[simulate error=429]", ",\"stream\":true"));

        // Then
        assertError(response, 429, "requests");
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
    }

    @Test
    void a_bad_directive_is_refused_by_its_word() throws Exception {
        // When
        var response = provider.post(TestProvider.asking("[simulate latency=fast]"));

        // Then
        assertError(response, 400, "invalid_request_error");
        assertThat(TestProvider.json(response).at("/error/param").asText()).isEqualTo("latency");
        assertThat(TestProvider.json(response).at("/error/message").asText())
                .isEqualTo("Invalid simulate directive, word 'latency': expected a duration such as 200ms, 2s or 1m, "
                        + "of at most 600s, was 'fast'.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut_after", "error_after"})
    void a_plain_answer_cannot_break_off(String word) throws Exception {
        // When
        var response = provider.post(TestProvider.asking("[simulate " + word + "=1]"));

        // Then
        assertError(response, 400, "invalid_request_error");
        assertThat(TestProvider.json(response).at("/error/param").asText()).isEqualTo(word);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "\"text\"", "{} {}", "{\"model\":\"\u0001\"}"})
    void what_is_no_json_object_is_refused(String body) throws Exception {
        // When
        var response = provider.post(body);

        // Then
        assertError(response, 400, "invalid_request_error");
        assertThat(response.body()).contains("could not parse the JSON body").contains("\"param\":null,\"code\":null");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"messages":[{"role":"user","content":"x"}]}                   | model               | missing_required_parameter
                    {"model":null,"messages":[]}                                   | model               | missing_required_parameter
                    {"model":7,"messages":[]}                                      | model               | invalid_type
                    {"model":"m"}                                                  | messages            | missing_required_parameter
                    {"model":"m","messages":"x"}                                   | messages            | invalid_type
                    {"model":"m","messages":[]}                                    | messages            | empty_array
                    {"model":"m","messages":["x"]}                                 | messages[0]         | invalid_type
                    {"model":"m","messages":[{"content":"x"}]}                     | messages[0].role    | invalid_value
                    {"model":"m","messages":[{"role":"owner","content":"x"}]}      | messages[0].role    | invalid_value
                    {"model":"m","messages":[{"role":"user"}]}                     | messages[0].content | invalid_type
                    {"model":"m","messages":[{"role":"user","content":7}]}         | messages[0].content | invalid_type
                    """)
    void a_bad_message_is_refused_by_its_place(String body, String param, String code) throws Exception {
        assertRefused(body, param, code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "max_tokens":0                                    | max_tokens            | integer_below_min_value
                    "max_completion_tokens":-1                        | max_completion_tokens | integer_below_min_value
                    "max_tokens":99999999999999999999                 | max_tokens            | integer_above_max_value
                    "max_tokens":"5"                                  | max_tokens            | invalid_type
                    "max_tokens":5.5                                  | max_tokens            | invalid_type
                    "n":0                                             | n                     | integer_below_min_value
                    "n":129                                           | n                     | integer_above_max_value
                    "stream":"yes"                                    | stream                | invalid_type
                    "stream_options":{}                               | stream_options        | invalid_value
                    "stream":true,"stream_options":[]                 | stream_options        | invalid_type
                    "stream":true,"stream_options":{"include_usage":1}| include_usage         | invalid_type
                    "service_tier":"gold"                             | service_tier          | invalid_value
                    """)
    void a_bad_member_is_refused_by_its_name(String member, String param, String code) throws Exception {
        assertRefused(TestProvider.asking("x", "," + member), param, code);
    }

    @Test
    void what_does_not_shape_the_answer_is_taken_as_it_comes() throws Exception {
        // When
        var response = provider.post("""
                {"model":"m","temperature":"hot","tools":[{}],"messages":[{"role":"assistant","tool_calls":[]},
                {"role":"user","content":[{"type":"text","text":"12345678"},{"type":"image_url","image_url":{}}]}]}""");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(TestProvider.json(response).at("/usage/prompt_tokens").asInt())
                .isEqualTo(2 + 2 * 3 + 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/chat/completions", "/v1/chat/completions/", "/v1/batches", "/v1/models/gpt-4o"})
    void an_unknown_path_is_not_found(String path) throws Exception {
        // When
        var response = provider.send(provider.request(path).POST(BodyPublishers.ofString("{}")));

        // Then
        assertError(response, 404, "invalid_request_error");
        assertThat(response.body()).contains("Invalid URL (POST " + path + ")");
    }

    @ParameterizedTest
    @CsvSource({"GET, /v1/chat/completions, POST", "DELETE, /v1/models, GET", "OPTIONS, /v1/models, GET"})
    void a_wrong_method_is_refused_with_the_right_one(String method, String path, String allowed) throws Exception {
        // When
        var response = provider.send(provider.request(path).method(method, BodyPublishers.noBody()));

        // Then
        assertError(response, 405, "invalid_request_error");
        assertThat(response.headers().firstValue("allow")).contains(allowed);
    }

    @Test
    void a_body_of_the_greatest_size_is_read() throws Exception {
        // Given
        var frame = TestProvider.asking("");
        var body = TestProvider.asking("x".repeat(BODY_BYTES_MAX - frame.length()));

        // When
        var response = provider.post(body);

        // Then
        assertThat(body).hasSize(BODY_BYTES_MAX);
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void a_larger_body_is_refused_and_the_connection_lives_on() throws Exception {
        // When
        var response = provider.post("x".repeat(BODY_BYTES_MAX + 1));

        // Then
        assertError(response, 413, "invalid_request_error");
        assertThat(provider.post(TestProvider.asking("Hi")).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer sk-wrong", "Bearer sk-right2", "Bearer ", "Basic sk-right", "sk-right"})
    void a_wrong_key_is_refused(String authorization) throws Exception {
        try (var locked = TestProvider.locked("sk-right")) {
            // When
            var response = locked.send(locked.chat(TestProvider.asking("Hi")).header("authorization", authorization));

            // Then
            assertKeyRefused(response);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/v1/chat/completions"})
    void a_missing_key_is_refused_on_every_path(String path) throws Exception {
        try (var locked = TestProvider.locked("sk-right")) {
            // Given
            var request = path.endsWith("models")
                    ? locked.request(path)
                    : locked.request(path).POST(BodyPublishers.ofString(TestProvider.asking("Hi")));

            // When
            var response = locked.send(request);

            // Then
            assertKeyRefused(response);
        }
    }

    @Test
    void the_right_key_opens() throws Exception {
        try (var locked = TestProvider.locked("sk-right")) {
            // When
            var response =
                    locked.send(locked.chat(TestProvider.asking("Hi")).header("authorization", "Bearer sk-right"));

            // Then
            assertThat(response.statusCode()).isEqualTo(200);
        }
    }

    private static void assertKeyRefused(HttpResponse<String> response) {
        assertError(response, 401, "invalid_request_error");
        assertThat(TestProvider.json(response).at("/error/code").asText()).isEqualTo("invalid_api_key");
        assertThat(response.body()).doesNotContain("sk-");
    }

    private void assertRefused(String body, String param, String code) throws IOException, InterruptedException {
        // When
        var response = provider.post(body);

        // Then
        assertError(response, 400, "invalid_request_error");
        assertThat(TestProvider.json(response).at("/error/param").asText()).isEqualTo(param);
        assertThat(TestProvider.json(response).at("/error/code").asText()).isEqualTo(code);
        assertThat(TestProvider.json(response).at("/error/message").asText()).contains(param);
    }

    private static void assertError(HttpResponse<String> response, int status, String type) {
        assertThat(response.statusCode()).isEqualTo(status);
        var json = TestProvider.json(response);
        assertThat(json.properties()).hasSize(1);
        assertThat(json.path("error").properties().stream().map(member -> member.getKey()))
                .containsExactly("message", "type", "param", "code");
        assertThat(json.at("/error/message").asText()).isNotBlank();
        assertThat(json.at("/error/type").asText()).isEqualTo(type);
        assertThat(response.headers().firstValue("x-request-id")).isPresent();
    }
}
