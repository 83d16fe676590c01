package dev.quotary.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gemini's content, streams and embeddings. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GeminiTest {
    private static final String MODEL = "/v1beta/models/gemini-3.5-flash:";
    private static final String SSE = "streamGenerateContent?alt=sse";
    private static final String ARRAY = "streamGenerateContent";
    private static final String HI = "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final TestProvider provider = TestProvider.open();

    @AfterAll
    void close() {
        provider.close();
    }

    @Test
    void plain_answer_has_geminis_form() throws Exception {
        // When
        var response = post("generateContent", "[simulate input=100 output=2 model=gemini-3.5-flash-001]");
        // Then
        assertThat(response.body()
                        .replaceAll("\"text\":\"[^\"]*\"", "\"text\":\"*\"")
                        .replaceAll("sim[0-9a-f]{19}", "*"))
                .isEqualTo(
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"*\"}],\"role\":\"model\"},\"index\":0,"
                                + "\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":100,\"candidatesTokenCount\":2,"
                                + "\"totalTokenCount\":102,\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":100}],"
                                + "\"serviceTier\":\"standard\"},\"modelVersion\":\"gemini-3.5-flash-001\",\"responseId\":\"*\"}");
    }

    @Test
    void counts_are_mixed_as_geminis_are() throws Exception {
        // When
        var answer = json(
                post(
                        "generateContent",
                        "[simulate input=3000 cached=2048 audio=30 output=520 reasoning=400 tool_input=900 searches=2 tier=flex]"));
        // Then
        var usage = answer.get("usageMetadata");
        assertThat(usage.get("promptTokenCount").asInt()).isEqualTo(3000);
        assertThat(usage.get("cachedContentTokenCount").asInt()).isEqualTo(2048);
        assertThat(usage.get("candidatesTokenCount").asInt()).isEqualTo(120);
        assertThat(usage.get("thoughtsTokenCount").asInt()).isEqualTo(400);
        assertThat(usage.get("toolUsePromptTokenCount").asInt()).isEqualTo(900);
        assertThat(usage.get("totalTokenCount").asInt()).isEqualTo(4420);
        assertThat(usage.at("/promptTokensDetails/1/tokenCount").asInt()).isEqualTo(30);
        assertThat(usage.get("serviceTier").asText()).isEqualTo("flex");
        assertThat(answer.at("/candidates/0/groundingMetadata/webSearchQueries"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {SSE, ARRAY})
    void stream_has_running_totals_and_the_text_of_the_plain_answer(String method) throws Exception {
        // Given
        var text = "Say something [simulate input=10 output=9 reasoning=4]";
        var plain = json(post("generateContent", text));
        // When
        var chunks = chunks(method, post(method, text).body());
        // Then
        assertThat(chunks).hasSize(6);
        assertThat(chunks.stream()
                        .map(chunk ->
                                chunk.at("/candidates/0/content/parts/0/text").asText()))
                .satisfies(texts -> assertThat(String.join("", texts))
                        .isEqualTo(
                                plain.at("/candidates/0/content/parts/0/text").asText()));
        assertThat(chunks.stream()
                        .map(chunk -> chunk.at("/usageMetadata/totalTokenCount").asInt()))
                .containsExactly(15, 16, 17, 18, 19, 19);
        assertThat(chunks.getLast().at("/candidates/0/finishReason").asText()).isEqualTo("STOP");
    }

    @ParameterizedTest
    @ValueSource(strings = {SSE, ARRAY})
    void several_candidates_take_turns_and_each_ends(String method) throws Exception {
        // When
        var body = "{\"contents\":{\"parts\":{\"text\":\"[simulate output=3]\"}},"
                + "\"generation_config\":{\"candidate_count\":2,\"max_output_tokens\":2}}";
        var chunks = chunks(method, send(MODEL + method, body).body());
        // Then
        assertThat(chunks.stream().map(chunk -> chunk.at("/candidates/0/index").asInt()))
                .containsExactly(0, 1, 0, 1, 0, 1);
        assertThat(chunks.getLast().at("/candidates/0/finishReason").asText()).isEqualTo("MAX_TOKENS");
        assertThat(chunks.getLast().at("/usageMetadata/candidatesTokenCount").asInt())
                .isEqualTo(4);
    }

    @Test
    void events_end_with_carriage_returns_and_elements_are_divided_as_googles_are() throws Exception {
        // When
        var events = post(SSE, "[simulate output=2]").body();
        var array = post(ARRAY, "[simulate output=2]").body();
        // Then
        assertThat(events).startsWith("data: {").endsWith("}\r\n\r\n").contains("}\r\n\r\ndata: {");
        assertThat(array).startsWith("[{").endsWith("}\n]\n").contains("},\r\n{");
    }

    @ParameterizedTest
    @ValueSource(strings = {SSE, ARRAY})
    void stream_fails_in_the_middle_with_an_error_that_can_be_read(String method) throws Exception {
        // When
        var chunks =
                chunks(method, post(method, "[simulate output=9 error_after=2]").body());
        // Then
        assertThat(chunks).hasSize(3);
        assertThat(chunks.getLast().at("/error/code").asInt()).isEqualTo(503);
        assertThat(chunks.getLast().at("/error/status").asText()).isEqualTo("UNAVAILABLE");
    }

    @ParameterizedTest
    @ValueSource(strings = {SSE, ARRAY})
    void stream_may_end_as_if_that_were_all_or_lose_its_connection(String method) throws Exception {
        // When
        var truncated = post(method, "[simulate output=9 truncate_after=2]").body();
        // Then
        assertThat(truncated).contains("\"candidatesTokenCount\":2").doesNotContain("finishReason");
        assertThatThrownBy(() -> post(method, "[simulate output=9 cut_after=2]"))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"generateContent", SSE, ARRAY})
    void prompt_may_be_blocked_or_usage_missing(String method) throws Exception {
        // When
        var blocked = post(method, "[simulate input=9 output=5 blocked]").body();
        var silent = post(method, "[simulate output=2 no_usage]").body();
        // Then
        assertThat(blocked)
                .contains("\"promptFeedback\":{\"blockReason\":\"SAFETY\"}", "\"totalTokenCount\":9")
                .doesNotContain("candidates");
        assertThat(silent).doesNotContain("usageMetadata").contains("finishReason");
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_ARGUMENT",
        "401, UNAUTHENTICATED",
        "402, RESOURCE_EXHAUSTED",
        "403, PERMISSION_DENIED",
        "404, NOT_FOUND",
        "429, RESOURCE_EXHAUSTED",
        "500, INTERNAL",
        "503, UNAVAILABLE",
        "504, DEADLINE_EXCEEDED"
    })
    void errors_have_googles_form(int status, String word) throws Exception {
        // When
        var plain = post("generateContent", "[simulate error=" + status + "]");
        var array = post(ARRAY, "[simulate error=" + status + "]");
        // Then
        assertThat(plain.statusCode()).isEqualTo(status);
        assertThat(json(plain).at("/error/code").asInt()).isEqualTo(status);
        assertThat(json(plain).at("/error/status").asText()).isEqualTo(word);
        assertThat(json(array).get(0)).isEqualTo(json(plain));
    }

    @Test
    void contents_are_embedded_and_prompts_counted() throws Exception {
        // Given
        var content = "{\"content\":{\"parts\":[{\"text\":\"Hello\"}]}}";
        // When
        var one = json(send("/v1/models/gemini-embedding-001:embedContent", content));
        var many = json(send(
                "/v1/models/gemini-embedding-001:batchEmbedContents",
                "{\"requests\":[" + content + "," + content + "]}"));
        var count = json(post("countTokens", "Hello"));
        // Then
        assertThat(one.at("/embedding/values")).hasSize(3);
        assertThat(one.at("/usageMetadata/promptTokenCount").asInt()).isEqualTo(8);
        assertThat(many.get("embeddings")).hasSize(2);
        assertThat(many.has("usageMetadata")).isFalse();
        assertThat(count.get("totalTokens").asInt()).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"contents\":[]}", "{\"contents\":[1]}", "[]", "x"})
    void request_without_contents_is_refused(String body) throws Exception {
        assertThat(send(MODEL + "generateContent", body).statusCode()).isEqualTo(400);
    }

    @Test
    void key_may_be_shown_in_three_ways() throws Exception {
        // Given
        try (var locked = TestProvider.locked("secret")) {
            // When
            var path = MODEL + "countTokens";
            int header = shown(locked, path, "x-goog-api-key", "secret");
            int bearer = shown(locked, path, "authorization", "Bearer secret");
            int query = shown(locked, path + "?key=secret", "x-nothing", "x");
            var wrong = locked.send(locked.request(path + "?key=other").POST(BodyPublishers.ofString(HI)));
            // Then
            assertThat(List.of(header, bearer, query)).containsOnly(200);
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(json(wrong).at("/error/details/0/reason").asText()).isEqualTo("API_KEY_INVALID");
        }
    }

    private HttpResponse<String> post(String method, String text) throws Exception {
        return send(MODEL + method, "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"" + text + "\"}]}]}");
    }

    private HttpResponse<String> send(String path, String body) throws Exception {
        return provider.send(provider.request(path).POST(BodyPublishers.ofString(body)));
    }

    private static int shown(TestProvider locked, String path, String header, String value) throws Exception {
        var request = locked.request(path).header(header, value);
        return locked.send(request.POST(BodyPublishers.ofString(HI))).statusCode();
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return MAPPER.readTree(response.body());
    }

    private static List<JsonNode> chunks(String method, String body) throws IOException {
        if (method.equals(ARRAY)) {
            return MAPPER.readTree(body).valueStream().toList();
        }
        var list = body.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .collect(Collectors.joining(","));
        return MAPPER.readTree("[" + list + "]").valueStream().toList();
    }
}
