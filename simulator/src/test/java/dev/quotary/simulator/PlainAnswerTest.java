package dev.quotary.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlainAnswerTest {
    private static final Pattern ID = Pattern.compile("\"id\":\"chatcmpl-[0-9a-z]+\"");

    private final TestProvider provider = TestProvider.open();

    @AfterAll
    void close() {
        provider.close();
    }

    @Test
    void has_the_members_of_openais_answer_in_their_order() throws Exception {
        // Given
        var expected =
                masked(TestProvider.resource("plain-cached-reasoning.json").strip());

        // When
        var response = provider.post(TestProvider.asking(
                "[simulate input=2006 cached=1920 output=300 reasoning=256 model=gpt-5.5-2026-04-23]"));

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(masked(response.body())).isEqualTo(expected);
    }

    @Test
    void reports_cache_writes_where_there_are_any() throws Exception {
        // Given
        var expected = masked(TestProvider.resource("plain-cache-write.json").strip());

        // When
        var response = provider.post(TestProvider.asking(
                "[simulate input=5000 cached=1024 cache_write=3500 output=120 reasoning=64 model=gpt-6-sol]"));

        // Then
        assertThat(masked(response.body())).isEqualTo(expected);
    }

    @Test
    void carries_openais_headers() throws Exception {
        // When
        var headers =
                provider.post(TestProvider.asking("[simulate latency=3ms]")).headers();

        // Then
        assertThat(headers.firstValue("content-type")).contains("application/json");
        assertThat(headers.firstValue("openai-processing-ms")).contains("3");
        assertThat(headers.firstValue("openai-version")).contains("2020-10-01");
        assertThat(headers.firstValue("x-request-id").orElseThrow()).startsWith("req_");
    }

    @Test
    void without_a_directive_a_sentence_is_said_and_counted() throws Exception {
        // When
        var json = TestProvider.json(provider.post(TestProvider.asking("Say hi")));

        // Then
        var text = json.at("/choices/0/message/content").asText();
        assertThat(text).endsWith(".");
        assertThat(json.at("/usage/prompt_tokens").asInt()).isEqualTo(2 + 3 + 3);
        assertThat(json.at("/usage/completion_tokens").asInt()).isEqualTo(text.split(" ", -1).length);
        assertThat(json.at("/model").asText()).isEqualTo("gpt-4o-mini");
        assertThat(json.at("/created").asLong()).isEqualTo(TestProvider.NOW_SECONDS);
    }

    @Test
    void the_same_request_gets_the_same_answer_under_another_id() throws Exception {
        // Given
        var first = provider.post(TestProvider.asking("Tell me something"));

        // When
        var second = provider.post(TestProvider.asking("Tell me something"));

        // Then
        assertThat(second.body()).isNotEqualTo(first.body());
        assertThat(ID.matcher(second.body()).replaceAll(""))
                .isEqualTo(ID.matcher(first.body()).replaceAll(""));
    }

    @Test
    void a_fresh_provider_at_the_same_time_gives_the_same_bytes() throws Exception {
        // Given
        var body = TestProvider.asking("Tell me something", ",\"n\":2");
        String first;
        try (var one = TestProvider.open()) {
            first = one.post(body).body();
        }

        // When
        String second;
        try (var other = TestProvider.open()) {
            second = other.post(body).body();
        }

        // Then
        assertThat(second).isEqualTo(first);
    }

    @Test
    void a_maximum_ends_the_answer_early() throws Exception {
        // When
        var json = TestProvider.json(provider.post(TestProvider.asking("Say hi", ",\"max_tokens\":4")));

        // Then
        assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(json.at("/choices/0/message/content").asText().split(" ", -1))
                .hasSize(4);
        assertThat(json.at("/usage/completion_tokens").asInt()).isEqualTo(4);
    }

    @Test
    void each_choice_has_a_text_of_its_own() throws Exception {
        // When
        var json = TestProvider.json(provider.post(TestProvider.asking("[simulate output=6]", ",\"n\":3")));

        // Then
        assertThat(json.path("choices")).hasSize(3);
        assertThat(json.at("/choices/2/index").asInt()).isEqualTo(2);
        assertThat(json.at("/choices/0/message/content")).isNotEqualTo(json.at("/choices/1/message/content"));
        assertThat(json.at("/usage/completion_tokens").asInt()).isEqualTo(18);
    }

    @Test
    void names_the_tier_that_serves_the_request() throws Exception {
        assertThat(tier(TestProvider.asking("Hi"))).isEqualTo("default");
        assertThat(tier(TestProvider.asking("Hi", ",\"service_tier\":\"auto\"")))
                .isEqualTo("default");
        assertThat(tier(TestProvider.asking("Hi", ",\"service_tier\":\"fast\"")))
                .isEqualTo("priority");
        assertThat(tier(TestProvider.asking("Hi", ",\"service_tier\":\"flex\"")))
                .isEqualTo("flex");
        assertThat(tier(TestProvider.asking("[simulate tier=default]", ",\"service_tier\":\"priority\"")))
                .isEqualTo("default");
    }

    @Test
    void may_tell_no_usage() throws Exception {
        // When
        var json = TestProvider.json(provider.post(TestProvider.asking("[simulate no_usage]")));

        // Then
        assertThat(json.has("usage")).isFalse();
    }

    @Test
    void takes_its_directive_from_the_header_too() throws Exception {
        // When
        var json = TestProvider.json(provider.send(
                provider.chat(TestProvider.asking("[simulate error=500]")).header("X-Simulate", "input=19 output=3")));

        // Then
        assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(22);
    }

    @Test
    void the_largest_answer_arrives_whole() throws Exception {
        // When
        var json = TestProvider.json(provider.post(TestProvider.asking("[simulate output=100000]")));

        // Then
        assertThat(json.at("/choices/0/message/content").asText().split(" ", -1))
                .hasSize(100_000);
    }

    @Test
    void models_are_listed() throws Exception {
        // When
        var response = provider.send(provider.request("/v1/models"));

        // Then
        var json = TestProvider.json(response);
        assertThat(json.path("object").asText()).isEqualTo("list");
        assertThat(json.findValuesAsText("id")).contains("gpt-4o-mini");
        assertThat(json.at("/data/0/object").asText()).isEqualTo("model");
    }

    private String tier(String body) throws IOException, InterruptedException {
        return TestProvider.json(provider.post(body)).path("service_tier").asText();
    }

    /** What OpenAI chooses freely, made equal. */
    private static String masked(String json) {
        assertThat(Json.object(json.getBytes(StandardCharsets.UTF_8)).path("id").asText())
                .startsWith("chatcmpl-");
        return json.replaceAll("\"(id|content|system_fingerprint)\":\"[^\"]*\"", "\"$1\":\"…\"");
    }
}
