package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.RawHttp.Header;
import dev.quotary.e2e.TestServer.Setup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All of OpenAI's API but chats through the gateway: the bytes of both sides, the usage, the cost to the last digit. */
@Timeout(60)
class OpenAiApiIT {
    private static final List<Header> JSON = List.of(new Header("content-type", "application/json"));
    private static final List<Header> EVENTS = List.of(new Header("content-type", "text/event-stream"));

    @TempDir
    private Path directory;

    private CannedProvider provider;
    private TestServer server;

    @BeforeEach
    void start() {
        provider = CannedProvider.start((_, to) -> to.hangUp());
        server = TestServer.start(directory, Setup.of(provider.baseUrl()));
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
    }

    @ParameterizedTest
    @CsvSource({
        "09-openai-responses-tools-cachewrite, /v1/responses",
        "09-openai-responses-tools-cachewrite, /openai/v1/responses",
        "13-openai-embeddings, /v1/embeddings",
        "33-xai-reasoning-additive, /xai/v1/chat/completions"
    })
    void plain_answer_passes_byte_for_byte_and_is_priced_exactly(String id, String path) {
        // Given
        var sample = Sample.load(id);
        provider.answers(CannedProvider.whole(sample.status(), sample.answerHeaders(), sample.answer()));
        // When
        var answer = server.exchange(ask(path, sample.request()));
        // Then
        assertThat(provider.taken().body()).isEqualTo(sample.request());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(sample.answer());
        assertThat(answer.header("X-Quotary-Cost")).hasValue(sample.cost());
        assertThat(answer.headers()).containsAll(sample.answerHeaders());
        Recorded.assertAs(sample, server.event(answer));
    }

    @ParameterizedTest
    @CsvSource({
        "10-openai-responses-stream, WHOLE, success",
        "10-openai-responses-stream, SINGLE_BYTES, success",
        "10-openai-responses-stream, SEVENS, success",
        "12-openai-responses-stream-failed, WHOLE, error",
        "12-openai-responses-stream-failed, SEVENS, error"
    })
    void streamed_response_passes_byte_for_byte_and_is_priced_exactly(String id, Pieces cut, String outcome) {
        // Given
        var sample = Sample.load(id);
        provider.answers(CannedProvider.stream(sample.answerHeaders(), cut.of(sample.answer())));
        // When
        var answer = server.exchange(ask(sample.path(), sample.request()));
        // Then
        assertThat(provider.taken().body()).isEqualTo(sample.request());
        assertThat(answer.whole()).isTrue();
        assertThat(text(answer.body())).isEqualTo(text(sample.answer()));
        var event = server.event(answer);
        Recorded.assertAs(sample, event);
        assertThat(event.get("outcome").asText()).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\"} | 5,2 | error | rate_limit_exceeded | provider",
                "\"status\":\"failed\",\"error\":{\"code\":\"server_error\"} | | error | server_error | provider",
                "\"status\":\"cancelled\" | 5,2 | cancelled | cancelled | provider",
                "\"status\":\"cancelled\" | | cancelled | cancelled | estimate",
                "\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"} | 5,2 | success | | provider",
                "\"status\":\"incomplete\" | | success | | estimate"
            })
    void whole_response_that_did_not_complete_is_recorded_as_what_it_was(
            String state, String tokens, String outcome, String errorType, String source) {
        // Given
        var usage = tokens == null ? "null" : "{\"input_tokens\":5,\"output_tokens\":2,\"total_tokens\":7}";
        var body = "{\"id\":\"resp_1\",\"object\":\"response\",\"model\":\"gpt-5.5\"," + state
                + ",\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello.\"}]}],"
                + "\"usage\":" + usage + "}";
        provider.answers(CannedProvider.json(body));
        // When
        var answer = server.exchange(ask(
                "/v1/responses",
                "{\"model\":\"gpt-5.5\",\"input\":\"Hi\",\"max_output_tokens\":16}".getBytes(StandardCharsets.UTF_8)));
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(text(answer.body())).isEqualTo(body);
        var event = server.event(answer);
        assertThat(event.get("outcome").asText()).isEqualTo(outcome);
        assertThat(event.path("error_type").asText("")).isEqualTo(errorType == null ? "" : errorType);
        assertThat(event.get("source").asText()).isEqualTo(source);
        boolean unbilled = outcome.equals("error") && tokens == null;
        assertThat(event.at("/quantities/tokens").asLong() > 0).isNotEqualTo(unbilled);
    }

    @Test
    void recording_is_priced_by_its_seconds_and_its_bytes_are_untouched() {
        // Given
        var sample = Sample.load("15-openai-transcription-duration");
        byte[] form = form("whisper-1");
        provider.answers(CannedProvider.whole(200, sample.answerHeaders(), sample.answer()));
        // When
        var answer = server.exchange(upload(sample.path(), form));
        // Then
        var asked = provider.taken();
        assertThat(asked.body()).isEqualTo(form);
        assertThat(asked.header("content-type")).hasValue("multipart/form-data; boundary=b");
        assertThat(answer.body()).isEqualTo(sample.answer());
        assertThat(answer.header("X-Quotary-Cost")).hasValue("0.0063");
        Recorded.assertAs(sample, server.event(answer));
    }

    @Test
    void server_that_costs_nothing_and_refuses_stream_options_is_metered_by_what_it_sends_unasked() {
        // Given
        var sample = Sample.load("36-ollama-stream");
        provider.answers(CannedProvider.stream(sample.answerHeaders(), List.of(sample.answer())));
        var asked = text(sample.request()).replaceFirst(",\\s*\"stream_options\"[^}]*}", "");
        // When
        var answer = server.exchange(ask("/ollama" + sample.path(), asked.getBytes(StandardCharsets.UTF_8)));
        // Then
        // What nobody knows the maximum of is capped, and nothing else changes.
        assertThat(text(provider.taken().body()).replace(",\"max_tokens\":32768", ""))
                .isEqualTo(asked);
        assertThat(text(answer.body())).isEqualTo(text(sample.answer()));
        var event = server.event(answer);
        assertThat(event.get("cost").asText()).isEqualTo("0");
        assertThat(event.get("source").asText()).isEqualTo("provider");
        assertThat(event.at("/tokens/input").asLong()).isEqualTo(26);
        assertThat(event.at("/tokens/output").asLong()).isEqualTo(8);
    }

    @Test
    void sound_of_a_model_billed_by_tokens_is_charged_by_an_estimate_that_is_marked() {
        // Given
        provider.answers(CannedProvider.whole(200, List.of(new Header("content-type", "audio/mpeg")), new byte[4_000]));
        // When
        var answer = server.exchange(ask(
                "/v1/audio/speech",
                bytes("{\"model\":\"gpt-4o-mini-tts\",\"voice\":\"alloy\","
                        + "\"input\":\"The quick brown fox jumps over the lazy dog.\"}")));
        // Then
        assertThat(answer.body()).hasSize(4_000);
        var event = server.event(answer);
        assertThat(event.get("source").asText()).isEqualTo("estimate");
        assertThat(event.get("cost_basis").asText()).isEqualTo("book");
        assertThat(event.get("cost").asText()).as("10 tokens read, 70 of sound").isEqualTo("0.000846");
    }

    @Test
    void sound_passes_as_it_comes_and_is_priced_by_its_characters() {
        // Given
        byte[] sound = {1, 2, 3, 13, 10, 13, 10, 0, -1};
        provider.answers(CannedProvider.stream(
                List.of(new Header("content-type", "audio/mpeg")), List.of(new byte[] {1, 2, 3}, rest(sound))));
        // When
        var answer = server.exchange(
                ask("/v1/audio/speech", bytes("{\"model\":\"tts-1\",\"input\":\"Hello\",\"voice\":\"alloy\"}")));
        // Then
        assertThat(answer.whole()).isTrue();
        assertThat(answer.body()).isEqualTo(sound);
        assertThat(answer.header("content-type")).hasValue("audio/mpeg");
        var event = server.event(answer);
        assertThat(event.at("/fees/characters").asLong()).isEqualTo(5);
        assertThat(event.get("cost").asText()).isEqualTo("0.000075");
    }

    @Test
    void sound_that_the_provider_breaks_off_ends_with_the_connection() {
        // Given
        provider.answers((_, to) -> {
            to.begin(200, List.of(new Header("content-type", "audio/mpeg")));
            to.piece(new byte[] {1, 2, 3});
            to.hangUp();
        });
        // When
        var answer = server.exchange(
                ask("/v1/audio/speech", bytes("{\"model\":\"tts-1\",\"input\":\"Hello\",\"voice\":\"alloy\"}")));
        // Then
        assertThat(answer.whole()).isFalse();
        var event = server.event(answer);
        assertThat(event.get("outcome").asText()).isEqualTo("error");
        assertThat(event.get("cost").asText()).isEqualTo("0.000075");
    }

    @Test
    void image_is_priced_by_the_tokens_of_text_and_image() {
        // Given
        var body = "{\"created\":1,\"data\":[{\"b64_json\":\"AAAA\"}],\"usage\":{\"input_tokens\":50,"
                + "\"input_tokens_details\":{\"image_tokens\":40,\"text_tokens\":10},\"output_tokens\":1000,"
                + "\"total_tokens\":1050}}";
        provider.answers(CannedProvider.json(body));
        // When
        var answer = server.exchange(
                ask("/v1/images/generations", bytes("{\"model\":\"gpt-image-1\",\"prompt\":\"a cat\"}")));
        // Then: 10 x 5 + 40 x 10 + 1000 x 40 per million.
        assertThat(text(answer.body())).isEqualTo(body);
        assertThat(answer.header("X-Quotary-Cost")).hasValue("0.04045");
    }

    @Test
    void legacy_completion_is_metered_like_a_chat() {
        // Given
        var text = "data: {\"choices\":[{\"text\":\"Hi\",\"index\":0,\"finish_reason\":\"stop\"}]";
        var usage =
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7,\"total_tokens\":12}}\n\n";
        provider.answers(CannedProvider.stream(
                EVENTS, List.of(bytes(text + ",\"usage\":null}\n\n" + usage + "data: [DONE]\n\n"))));
        // When
        var answer = server.exchange(ask(
                "/v1/completions", bytes("{\"model\":\"gpt-3.5-turbo-instruct\",\"prompt\":\"Hi\",\"stream\":true}")));
        // Then: 5 x 1.5 + 7 x 2 per million.
        assertThat(text(answer.body())).isEqualTo(text + "}\n\ndata: [DONE]\n\n");
        assertThat(server.event(answer).get("cost").asText()).isEqualTo("0.0000215");
    }

    @Test
    void stream_of_a_response_that_is_cut_ends_with_an_error_event_and_an_estimate() {
        // Given
        var sample = Sample.load("10-openai-responses-stream");
        var whole = text(sample.answer());
        var begun = whole.substring(0, whole.indexOf("event: response.completed"));
        provider.answers((_, to) -> {
            to.begin(200, sample.answerHeaders());
            to.piece(bytes(begun));
            to.hangUp();
        });
        // When
        var answer = server.exchange(ask(sample.path(), sample.request()));
        // Then
        assertThat(text(answer.body())).startsWith(begun);
        assertThat(text(answer.body()).substring(begun.length()))
                .isEqualTo("event: error\ndata: {\"type\":\"error\",\"code\":\"provider_failed\",\"message\":"
                        + "\"The provider broke the stream off; this answer is not complete.\",\"param\":null,"
                        + "\"sequence_number\":6}\n\n");
        var event = server.event(answer);
        assertThat(event.get("source").asText()).isEqualTo("estimate");
        assertThat(event.at("/tokens/output").asLong()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /v1/responses/input_tokens | {\"model\":\"gpt-5.5\",\"input\":\"a\"}",
                "POST | /v1/moderations            | {\"input\":\"a\"}",
                "GET  | /v1/models                 |"
            })
    void what_costs_nothing_passes_and_is_no_use(String method, String path, String body) {
        // Given
        provider.answers(CannedProvider.whole(200, JSON, bytes("{}")));
        // When
        var answer = server.exchange(
                new Ask(method, path, List.of(), bytes(body == null ? "" : body)).key(server.serviceKey()));
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("X-Quotary-Event")).isEmpty();
        assertThat(provider.taken().asked()).isEqualTo(method + " " + path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/realtime",
                "/v1/batches",
                "/v1/files",
                "/v1/assistants",
                "/v1/threads/t/runs",
                "/v1/fine_tuning/jobs",
                "/v1/videos",
                "/v1/conversations",
                "/v1/responses/resp_1",
                "/v1/responses/resp_1/cancel",
                "/v1/responses/../files"
            })
    void what_cannot_be_metered_is_refused_and_never_forwarded(String path) {
        // When
        var answer = server.exchange(ask(path, bytes("{}")));
        // Then
        assertThat(answer.status()).isEqualTo(501);
        assertThat(Api.json(text(answer.body())).at("/error/code").asText()).isEqualTo("not_meterable");
        assertThat(provider.calls()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/responses | {\"model\":\"gpt-5.5\",\"input\":\"a\",\"background\":true} | background",
                "/v1/responses | {\"model\":\"gpt-5.5\",\"tools\":[{\"type\":\"code_interpreter\"}]} | tools",
                "/v1/embeddings | {\"model\":\"text-embedding-3-small\"} | input",
                "/v1/images/generations | {\"prompt\":\"a\"} | model"
            })
    void request_that_could_cost_unseen_is_refused_in_the_shape_of_openai(String path, String body, String param) {
        // When
        var answer = server.exchange(ask(path, bytes(body)));
        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(Api.json(text(answer.body())).at("/error/param").asText()).isEqualTo(param);
        assertThat(provider.calls()).isZero();
    }

    @Test
    void form_with_two_content_types_is_refused_as_the_provider_might_read_another_form() {
        // Given
        var ask = upload("/v1/audio/transcriptions", form("whisper-1"))
                .with("Content-Type", "multipart/form-data; boundary=c");
        // When
        var answer = server.exchange(ask);
        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(provider.calls()).isZero();
    }

    private Ask ask(String path, byte[] body) {
        return Ask.post(path, body).key(server.serviceKey());
    }

    private Ask upload(String path, byte[] form) {
        return new Ask("POST", path, List.of(new Header("Content-Type", "multipart/form-data; boundary=b")), form)
                .key(server.serviceKey());
    }

    private static byte[] form(String model) {
        return ("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n" + model
                        + "\r\n--b\r\nContent-Disposition: form-data; name=\"response_format\"\r\n\r\njson"
                        + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"talk.mp3\"\r\n"
                        + "Content-Type: audio/mpeg\r\n\r\n\u00ff\u00fb\r\n--\u0000\r\n--b--\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] rest(byte[] sound) {
        return Arrays.copyOfRange(sound, 3, sound.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
