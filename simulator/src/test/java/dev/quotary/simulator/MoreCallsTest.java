package dev.quotary.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything but chats that the simulated provider speaks of OpenAI's API, and xAI's dialect. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MoreCallsTest {
    private final TestProvider provider = TestProvider.open();

    @AfterAll
    void close() {
        provider.close();
    }

    @Test
    void response_reports_caches_reasoning_and_searches() throws Exception {
        // When
        var response = TestProvider.json(post(
                "/v1/responses",
                "{\"model\":\"gpt-6.1-sol\",\"input\":\"[simulate input=9300 cached=4096 cache_write=2000"
                        + " cache_write_1h=48 output=640 reasoning=512 searches=2]\"}"));
        // Then
        assertThat(response.at("/status").asText()).isEqualTo("completed");
        assertThat(response.get("usage").toString())
                .isEqualTo("{\"input_tokens\":9300,\"input_tokens_details\":{\"cached_tokens\":4096,"
                        + "\"cache_write_tokens\":2048,\"cache_write_tokens_details\":{\"ttl_30m_tokens\":2000,"
                        + "\"ttl_12h_tokens\":48}},\"output_tokens\":640,\"output_tokens_details\":"
                        + "{\"reasoning_tokens\":512},\"total_tokens\":9940}");
        assertThat(response.at("/tool_usage/web_search/num_requests").asInt()).isEqualTo(2);
        assertThat(response.at("/output")).hasSize(3);
    }

    @Test
    void searches_may_be_shown_and_not_told() throws Exception {
        // When
        var response = TestProvider.json(
                post("/v1/responses", "{\"model\":\"m\",\"input\":\"[simulate searches=1 untold_searches]\"}"));
        // Then
        assertThat(response.has("tool_usage")).isFalse();
        assertThat(response.at("/output/0/type").asText()).isEqualTo("web_search_call");
    }

    @Test
    void streamed_response_counts_its_events_and_ends_with_the_whole() throws Exception {
        // When
        var events =
                events(post("/v1/responses", "{\"model\":\"m\",\"stream\":true,\"input\":\"[simulate output=3]\"}"));
        // Then
        assertThat(events)
                .extracting(event -> event.get("type").asText())
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).get("sequence_number").asInt()).isEqualTo(i);
        }
        assertThat(events.getLast().at("/response/usage/output_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void response_that_is_cut_short_is_incomplete_and_one_that_fails_has_no_usage() throws Exception {
        // When
        var shortened = TestProvider.json(
                post("/v1/responses", "{\"model\":\"m\",\"max_output_tokens\":2,\"input\":\"[simulate output=9]\"}"));
        var failed = events(post(
                "/v1/responses", "{\"model\":\"m\",\"stream\":true,\"input\":\"[simulate output=9 error_after=1]\"}"));
        // Then
        assertThat(shortened.at("/status").asText()).isEqualTo("incomplete");
        assertThat(shortened.at("/incomplete_details/reason").asText()).isEqualTo("max_output_tokens");
        assertThat(failed.getLast().get("type").asText()).isEqualTo("response.failed");
        assertThat(failed.getLast().at("/response/usage").isNull()).isTrue();
    }

    @Test
    void legacy_completion_answers_plain_and_streamed() throws Exception {
        // Given
        var body = "{\"model\":\"m\",\"prompt\":\"[simulate input=5 output=2]\"";
        // When
        var whole = TestProvider.json(post("/v1/completions", body + "}"));
        var quiet = post("/v1/completions", body + ",\"stream\":true}").body();
        var telling = post("/v1/completions", body + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}")
                .body();
        // Then
        assertThat(whole.at("/object").asText()).isEqualTo("text_completion");
        assertThat(whole.at("/usage/total_tokens").asInt()).isEqualTo(7);
        assertThat(quiet).doesNotContain("usage").endsWith("data: [DONE]\n\n");
        assertThat(telling).contains("\"usage\":null").contains("\"total_tokens\":7");
    }

    @Test
    void embeddings_come_as_numbers_and_in_base64() throws Exception {
        // When
        var numbers =
                TestProvider.json(post("/v1/embeddings", "{\"model\":\"m\",\"input\":[\"[simulate input=4]\",\"b\"]}"));
        var encoded = TestProvider.json(
                post("/v1/embeddings", "{\"model\":\"m\",\"input\":\"a\",\"encoding_format\":\"base64\"}"));
        // Then
        assertThat(numbers.get("usage").toString()).isEqualTo("{\"prompt_tokens\":4,\"total_tokens\":4}");
        assertThat(numbers.at("/data/1/embedding").toString()).isEqualTo("[0.25,-0.5,1.0]");
        assertThat(encoded.at("/data/0/embedding").asText()).isEqualTo("AACAPgAAAL8AAIA/");
    }

    @Test
    void images_report_text_and_images_apart_or_nothing() throws Exception {
        // When
        var tokens = TestProvider.json(post(
                "/v1/images/generations",
                "{\"model\":\"gpt-image-1\",\"prompt\":\"[simulate input=50 image_input=40 output=9]\"}"));
        var each =
                TestProvider.json(post("/v1/images/generations", "{\"model\":\"dall-e-3\",\"prompt\":\"a\",\"n\":2}"));
        var events = events(post(
                "/v1/images/generations",
                "{\"model\":\"gpt-image-1\",\"prompt\":\"a\",\"stream\":true,\"partial_images\":2}"));
        // Then
        assertThat(tokens.get("usage").toString())
                .isEqualTo("{\"input_tokens\":50,\"input_tokens_details\":{\"image_tokens\":40,\"text_tokens\":10},"
                        + "\"output_tokens\":9,\"total_tokens\":59}");
        assertThat(each.at("/data")).hasSize(2);
        assertThat(each.has("usage")).isFalse();
        assertThat(events)
                .extracting(event -> event.get("type").asText())
                .containsExactly(
                        "image_generation.partial_image",
                        "image_generation.partial_image",
                        "image_generation.completed");
        assertThat(events.getLast().has("usage")).isTrue();
    }

    @Test
    void transcription_reports_seconds_or_tokens() throws Exception {
        // When
        var seconds = TestProvider.json(post("/v1/audio/transcriptions", form("whisper-1", "[simulate seconds=63]")));
        var tokens = TestProvider.json(
                post("/v1/audio/transcriptions", form("gpt-4o-transcribe", "[simulate seconds=2 input=25 output=3]")));
        // Then
        assertThat(seconds.get("usage").toString()).isEqualTo("{\"type\":\"duration\",\"seconds\":63}");
        assertThat(tokens.get("usage").toString())
                .isEqualTo("{\"type\":\"tokens\",\"input_tokens\":25,\"input_token_details\":{\"text_tokens\":5,"
                        + "\"audio_tokens\":20},\"output_tokens\":3,\"total_tokens\":28}");
    }

    @Test
    void speech_is_sound_or_events() throws Exception {
        // When
        var sound = provider.http()
                .send(
                        provider.request("/v1/audio/speech")
                                .POST(BodyPublishers.ofString("{\"model\":\"tts-1\",\"input\":\"abc\"}"))
                                .build(),
                        BodyHandlers.ofByteArray());
        var events = events(post(
                "/v1/audio/speech",
                "{\"model\":\"m\",\"stream_format\":\"sse\",\"input\":\"[simulate input=14 output=2]\"}"));
        // Then
        assertThat(sound.body()).hasSize(3 * 256);
        assertThat(sound.headers().firstValue("content-type")).contains("audio/mpeg");
        assertThat(events.getLast().toString())
                .isEqualTo("{\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":14,\"output_tokens\":2,"
                        + "\"total_tokens\":16}}");
    }

    @Test
    void grok_counts_reasoning_on_top_and_names_its_cost() throws Exception {
        // When
        var answer = TestProvider.json(provider.post(
                TestProvider.asking("[simulate input=1200 cached=1000 output=850 reasoning=700 ticks=25750000]")
                        .replace("gpt-4o-mini", "grok-4.3")));
        // Then
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(150);
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(2050);
        assertThat(answer.at("/usage/completion_tokens_details/reasoning_tokens")
                        .asInt())
                .isEqualTo(700);
        assertThat(answer.at("/usage/cost_in_usd_ticks").asInt()).isEqualTo(25_750_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/responses {\"model\":\"grok-4.3\",\"input\":\"[simulate error=429]\"}",
                "/v1/chat/completions {\"model\":\"grok-4.3\",\"messages\":[{\"role\":\"user\","
                        + "\"content\":\"[simulate error=429]\"}]}"
            })
    void errors_of_grok_are_a_code_and_a_sentence(String call) throws Exception {
        // When
        int space = call.indexOf(' ');
        var response = post(call.substring(0, space), call.substring(space + 1));
        // Then
        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.body())
                .isEqualTo("{\"code\":\"rate_limit_exceeded\",\"error\":"
                        + "\"Rate limit reached for requests. Please try again in 1s.\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/responses {\"input\":\"a\"}",
                "/v1/completions {\"model\":\"m\"}",
                "/v1/embeddings {\"model\":\"m\"}",
                "/v1/images/generations {\"model\":\"m\"}",
                "/v1/audio/transcriptions {}",
                "/v1/audio/speech {\"model\":\"m\"}",
                "/v1/audio/speech {\"model\":\"m\",\"input\":\"[simulate error_after=1]\"}"
            })
    void what_is_missing_or_does_not_fit_is_refused(String call) throws Exception {
        // When
        int space = call.indexOf(' ');
        var response = post(call.substring(0, space), call.substring(space + 1));
        // Then
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(TestProvider.json(response).at("/error/type").asText()).isEqualTo("invalid_request_error");
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return provider.send(provider.request(path).POST(BodyPublishers.ofString(body)));
    }

    private static String form(String model, String prompt) {
        return "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n" + model
                + "\r\n--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n" + prompt
                + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n\r\nxyz\r\n--b--\r\n";
    }

    private static List<ObjectNode> events(HttpResponse<String> response) {
        var events = new ArrayList<ObjectNode>();
        response.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .forEach(line -> events.add(Json.object(line.substring(6).getBytes(StandardCharsets.UTF_8))));
        return events;
    }
}
