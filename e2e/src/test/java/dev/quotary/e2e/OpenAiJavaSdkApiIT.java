package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.models.audio.AudioResponseFormat;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.ImageEditParams;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.quotary.e2e.TestServer.Setup;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own Java client, unchanged, for everything but chats. */
@Timeout(60)
class OpenAiJavaSdkApiIT {
    private static final String MODEL = "gpt-4o-mini";

    @TempDir
    private Path directory;

    private Simulator simulator;
    private TestServer server;
    private Tap tap;
    private OpenAIClient client;

    @BeforeEach
    void start() {
        simulator = Simulator.start();
        server = TestServer.start(
                directory,
                Setup.of(
                        simulator.baseUrl(),
                        "{ key: tokens, meter: tokens, per: subject, window: month, max: 200000 }",
                        "{ key: cost, meter: cost, per: subject, window: month, max: 100 }"));
        tap = Tap.before(server.port());
        client = OpenAIOkHttpClient.builder()
                .baseUrl(tap.url() + "/v1")
                .apiKey(server.keyOf("ada"))
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        tap.close();
        server.close();
        simulator.close();
    }

    @Test
    void plain_response_comes_whole_and_is_metered() {
        // When
        var response = client.responses().create(call("[simulate input=19 cached=5 output=7 reasoning=2]"));
        // Then
        assertThat(response.usage().orElseThrow().totalTokens()).isEqualTo(26);
        assertThat(used("tokens")).isEqualTo(26);
        assertThat(tap.requests()).hasSize(1);
    }

    @Test
    void streamed_response_has_all_its_events_and_is_metered() {
        // When
        var events = stream(call("[simulate input=19 output=40]"));
        // Then
        var text = events.stream()
                .flatMap(event -> event.outputTextDelta().stream())
                .map(delta -> delta.delta())
                .collect(Collectors.joining());
        var completed = events.getLast().asCompleted().response();
        assertThat(text).isNotBlank();
        assertThat(completed.usage().orElseThrow().outputTokens()).isEqualTo(40);
        assertThat(used("tokens")).isEqualTo(59);
    }

    @Test
    void exhausted_quota_raises_at_once_and_reaches_no_provider() {
        // Given
        var call = call("Hi").toBuilder().maxOutputTokens(300_000).build();
        // When
        var refused = catchThrowableOfType(
                UnexpectedStatusCodeException.class, () -> client.responses().create(call));
        // Then
        assertThat(refused.statusCode()).isEqualTo(402);
        assertThat(refused.code()).hasValue("insufficient_quota");
        assertThat(simulator.calls()).isZero();
        assertThat(tap.requests()).hasSize(1);
    }

    @Test
    void background_work_is_refused() {
        // Given
        var call = call("Hi").toBuilder().background(true).build();
        // When
        var refused = catchThrowableOfType(
                BadRequestException.class, () -> client.responses().create(call));
        // Then
        assertThat(refused.param()).hasValue("background");
        assertThat(simulator.calls()).isZero();
    }

    @Test
    void errors_of_the_provider_pass_and_cost_nothing() {
        // When
        var failed = catchThrowableOfType(
                InternalServerException.class, () -> client.responses().create(call("[simulate error=500]")));
        // Then
        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(used("tokens")).isZero();
    }

    @Test
    void stream_that_the_provider_breaks_off_raises_and_is_estimated() {
        // Given
        var events = new ArrayList<ResponseStreamEvent>();
        // When
        var raised = catchThrowableOfType(OpenAIException.class, () -> {
            try (var stream = client.responses().createStreaming(call("[simulate output=20 cut_after=5]"))) {
                stream.stream().forEach(events::add);
            }
        });
        // Then: the client makes an exception of an event of type error, or hands it over as one.
        boolean told = raised != null
                || events.getLast()
                        .error()
                        .filter(error -> error.message().contains("broke"))
                        .isPresent();
        assertThat(told).isTrue();
        assertThat(used("tokens")).isPositive();
    }

    @Test
    void embeddings_are_metered_by_their_input() {
        // When
        var answer = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("text-embedding-3-small")
                        .inputOfArrayOfStrings(List.of("[simulate input=4]", "beta gamma"))
                        .build());
        // Then
        assertThat(answer.data()).hasSize(2);
        assertThat(answer.usage().promptTokens()).isEqualTo(4);
        assertThat(cost()).isEqualTo("0.00000008");
    }

    @Test
    void legacy_completion_is_metered_plain_and_streamed() {
        // Given
        var call = CompletionCreateParams.builder()
                .model("gpt-3.5-turbo-instruct")
                .prompt("[simulate input=5 output=7]")
                .build();
        // When
        var answer = client.completions().create(call);
        var streamed = 0L;
        try (var chunks = client.completions().createStreaming(call)) {
            streamed =
                    chunks.stream().filter(chunk -> chunk.usage().isPresent()).count();
        }
        // Then
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(7);
        assertThat(streamed).isZero();
        assertThat(used("tokens")).isEqualTo(2 * 12);
    }

    @Test
    void images_are_metered_made_and_edited_and_streamed() {
        // Given
        var made = ImageGenerateParams.builder()
                .model("gpt-image-1")
                .prompt("A cat [simulate input=50 image_input=40 output=1000]")
                .build();
        var edited = ImageEditParams.builder()
                .model("gpt-image-1")
                .image(new ByteArrayInputStream(new byte[] {1, 2, 3}))
                .prompt("A dog [simulate input=50 image_input=40 output=1000]")
                .build();
        // When
        var first = client.images().generate(made);
        var once = cost();
        client.images().edit(edited);
        var twice = cost();
        var pictures = 0L;
        try (var events = client.images().generateStreaming(made)) {
            pictures = events.stream()
                    .filter(event -> event.isGenerationCompleted())
                    .count();
        }
        // Then: 10 x 5 + 40 x 10 + 1000 x 40 per million.
        assertThat(first.usage().orElseThrow().outputTokens()).isEqualTo(1000);
        assertThat(once).isEqualTo("0.04045");
        assertThat(twice).isEqualTo("0.0809");
        assertThat(pictures).isEqualTo(1);
        assertThat(cost()).isEqualTo("0.12135");
    }

    @Test
    void transcription_is_metered_by_seconds_or_tokens() {
        // Given
        var bySeconds = TranscriptionCreateParams.builder()
                .model("whisper-1")
                .file(new ByteArrayInputStream(new byte[5_000]))
                .prompt("[simulate seconds=63 output=7]")
                .build();
        var byTokens = bySeconds.toBuilder().model("gpt-4o-transcribe").build();
        // When
        client.audio().transcriptions().create(bySeconds);
        var bySecondsCost = cost();
        var text = client.audio()
                .transcriptions()
                .create(byTokens)
                .asTranscription()
                .text();
        var bothCost = cost();
        var done = 0L;
        try (var events = client.audio().transcriptions().createStreaming(byTokens)) {
            done = events.stream()
                    .filter(event -> event.transcriptTextDone().isPresent())
                    .count();
        }
        // Then: 63 x 0.0001; 630 x 6 + 7 x 10 per million, twice.
        assertThat(bySecondsCost).isEqualTo("0.0063");
        assertThat(text).isNotBlank();
        assertThat(bothCost).isEqualTo("0.01015");
        assertThat(done).isEqualTo(1);
        assertThat(cost()).isEqualTo("0.014");
    }

    @Test
    void transcription_whose_answer_would_tell_no_usage_is_refused() {
        // Given
        var call = TranscriptionCreateParams.builder()
                .model("whisper-1")
                .file(new ByteArrayInputStream(new byte[5_000]))
                .responseFormat(AudioResponseFormat.SRT)
                .build();
        // When
        var refused = catchThrowableOfType(
                BadRequestException.class, () -> client.audio().transcriptions().create(call));
        // Then
        assertThat(refused.param()).hasValue("response_format");
        assertThat(simulator.calls()).isZero();
    }

    @Test
    void speech_comes_whole_and_is_metered_by_its_characters() throws IOException {
        // Given
        var call = SpeechCreateParams.builder()
                .model("tts-1")
                .voice("alloy")
                .input("Hello")
                .build();
        // When
        byte[] sound;
        try (var answer = client.audio().speech().create(call)) {
            sound = answer.body().readAllBytes();
        }
        // Then
        assertThat(sound).hasSize(5 * 256);
        assertThat(cost()).isEqualTo("0.000075");
    }

    private List<ResponseStreamEvent> stream(ResponseCreateParams call) {
        try (var stream = client.responses().createStreaming(call)) {
            return stream.stream().toList();
        }
    }

    private long used(String limit) {
        return server.limit("ada", limit).get("used").asLong();
    }

    /** What all calls so far cost. */
    private String cost() {
        return server.limit("ada", "cost").get("used").asText();
    }

    private static ResponseCreateParams call(String text) {
        return ResponseCreateParams.builder()
                .model(MODEL)
                .input(text)
                .maxOutputTokens(1000)
                .build();
    }
}
