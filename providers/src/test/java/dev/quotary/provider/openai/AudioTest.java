package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.Refusal;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.WireFormat;
import dev.quotary.provider.openai.Splits.Received;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transcriptions, translations and speech. */
class AudioTest {
    private final WireFormat transcriptions = Formats.of("/v1/audio/transcriptions");
    private final WireFormat translations = Formats.of("/v1/audio/translations");
    private final WireFormat speech = Formats.of("/v1/audio/speech");

    @Test
    void seconds_of_the_sample_are_counted() {
        // Given
        var sample = Sample.of("15-openai-transcription-duration");
        // When
        var usage = transcriptions.readAnswer(sample.answer()).usage();
        // Then
        assertThat(usage).isEqualTo(new Reported(sample.expectedUsage(), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"63.2, 64", "63.0, 63", "0.01, 1", "0, 0", "1e2, 100"})
    void parts_of_a_second_are_rounded_up(String seconds, long whole) {
        // Given
        var answer = "{\"text\":\"Hi\",\"usage\":{\"type\":\"duration\",\"seconds\":" + seconds + "}}";
        var verbose = "{\"task\":\"transcribe\",\"duration\":" + seconds + ",\"text\":\"Hi\"}";
        // Then
        var expected = new Reported(TokenUsage.NONE.with(Component.AUDIO_SECONDS, whole), Optional.empty());
        assertThat(transcriptions.readAnswer(bytes(answer)).usage()).isEqualTo(expected);
        assertThat(translations.readAnswer(bytes(verbose)).usage()).isEqualTo(expected);
    }

    @Test
    void tokens_are_split_into_audio_and_text() {
        // Given
        var usage = "{\"type\":\"tokens\",\"input_tokens\":14,\"input_token_details\":{\"text_tokens\":4,"
                + "\"audio_tokens\":10},\"output_tokens\":45,\"total_tokens\":59}";
        var stream = "data: {\"type\":\"transcript.text.delta\",\"delta\":\"Hé\",\"logprobs\":[]}\n\n";
        var done = "data: {\"type\":\"transcript.text.done\",\"text\":\"Hé\",\"usage\":" + usage + "}\n\n";
        var relay = parsed(transcriptions, "gpt-4o-transcribe", "stream=true").relay();
        // When
        var whole = transcriptions
                .readAnswer(bytes("{\"text\":\"Hé\",\"usage\":" + usage + "}"))
                .usage();
        Received received = Splits.feed(relay, stream + done);
        // Then
        var tokens = TokenUsage.builder()
                .set(Component.INPUT, 4)
                .set(Component.INPUT_AUDIO, 10)
                .set(Component.OUTPUT, 45)
                .build();
        assertThat(whole).isEqualTo(new Reported(tokens, Optional.empty()));
        assertThat(relay.facts().answer().usage()).isEqualTo(whole);
        assertThat(received).isEqualTo(new Received(stream, done));
        assertThat(relay.text().kept()).isEqualTo("Hé");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"duration\"}",
                "{\"type\":\"duration\",\"seconds\":-1}",
                "{\"type\":\"duration\",\"seconds\":1e999999999}",
                "{\"type\":\"tokens\",\"input_tokens\":1}",
                "{\"type\":\"tokens\",\"input_tokens\":1,\"input_token_details\":{\"audio_tokens\":2},\"output_tokens\":1}",
                "{\"type\":\"tokens\",\"input_tokens\":1,\"output_tokens\":1,\"total_tokens\":3}",
                "true"
            })
    void usage_that_contradicts_itself_is_broken(String usage) {
        assertThat(transcriptions
                        .readAnswer(bytes("{\"text\":\"Hi\",\"usage\":" + usage + "}"))
                        .usage())
                .isInstanceOf(Broken.class);
    }

    @Test
    void answer_without_usage_is_to_be_estimated() {
        // Given
        var request = parsed(transcriptions, "whisper-1");
        // When
        var usage = transcriptions.readAnswer(bytes("{\"text\":\"Hi\"}")).usage();
        var estimate = request.estimator().estimate(OutputText.NONE);
        // Then
        assertThat(usage).isEqualTo(new Missing());
        assertThat(estimate.tokens()).isEqualTo(TokenUsage.NONE.with(Component.AUDIO_SECONDS, 1));
    }

    @Test
    void recording_is_held_by_its_bytes() {
        // When
        var seconds = parsed(transcriptions, "whisper-1", "stream=true").facts();
        var tokens = parsed(transcriptions, "gpt-4o-transcribe", "stream=true", "prompt=abc")
                .facts();
        // Then: 3,000 bytes are four seconds at the lowest rate; whisper never streams.
        assertThat(seconds.feesMax().audioSeconds()).isEqualTo(4);
        assertThat(seconds.streaming()).isEqualTo(Streaming.OFF);
        assertThat(seconds.output()).isEqualTo(OutputBound.NONE);
        assertThat(seconds.input().tokensMax()).isZero();
        assertThat(tokens.streaming()).isEqualTo(Streaming.ON_WITH_USAGE);
        assertThat(tokens.input().tokensMax()).isEqualTo(3 + 41 + 20);
        assertThat(tokens.output()).isEqualTo(new OutputBound(OptionalLong.of(140), 1));
    }

    @Test
    void file_is_known_by_its_field_where_the_client_does_not_name_it() {
        // Given
        var form =
                new String(Forms.of("whisper-1"), StandardCharsets.ISO_8859_1).replace("; filename=\"talk.mp3\"", "");
        // When
        var reading = transcriptions.readRequest(Formats.form(Forms.TYPE), form.getBytes(StandardCharsets.ISO_8859_1));
        // Then
        assertThat(Formats.parsed(reading).facts().feesMax().audioSeconds()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "response_format=text, response_format",
        "response_format=srt, response_format",
        "Model=whisper-2, Model",
        "model=whisper-2, model",
        "stream=perhaps, stream"
    })
    void form_that_could_cost_unseen_is_refused(String field, String param) {
        assertThat(rejected(transcriptions, "whisper-1", field).param()).hasValue(param);
    }

    @Test
    void translation_is_metered_where_its_answer_tells_how_long_it_was() {
        assertThat(rejected(translations, "whisper-1").param()).hasValue("response_format");
        assertThat(parsed(translations, "whisper-1", "response_format=verbose_json")
                        .facts()
                        .model())
                .isEqualTo("whisper-1");
    }

    @Test
    void other_model_takes_the_place_of_the_first_within_the_form() {
        // Given
        var request = parsed(transcriptions, "whisper-1");
        // When
        var renamed = Formats.parsed(request.forModel("gpt-4o-transcribe"));
        // Then
        var before = new String(request.upstreamBody(OptionalLong.empty()), StandardCharsets.ISO_8859_1);
        var after = new String(renamed.upstreamBody(OptionalLong.empty()), StandardCharsets.ISO_8859_1);
        assertThat(renamed.facts().model()).isEqualTo("gpt-4o-transcribe");
        assertThat(after).isEqualTo(before.replace("whisper-1", "gpt-4o-transcribe"));
    }

    @Test
    void sound_passes_as_it_comes_and_costs_its_characters() {
        // Given
        var request = Formats.parsed(
                speech, "{\"model\":\"tts-1\",\"input\":\"Gr\\u00fc\\u00df Gott 😀\",\"voice\":\"alloy\"}");
        var relay = request.relay();
        byte[] sound = {1, 2, 3, '\n', '\n', 4};
        // When
        var passed = relay.feed(sound, 1, 4);
        // Then: eleven characters, the last of which is two units of UTF-16.
        assertThat(passed.same(sound, 1, 4)).isTrue();
        assertThat(relay.finish().empty()).isTrue();
        assertThat(relay.ending(RefusalMessage.of(Refusal.INTERNAL, "no"))).isEmpty();
        assertThat(request.facts().feesMax().characters()).isEqualTo(11);
        assertThat(request.facts().streaming()).isEqualTo(Streaming.ON);
        assertThat(relay.facts().answer().usage())
                .isEqualTo(new Reported(TokenUsage.NONE.with(Component.CHARACTERS, 11), Optional.empty()));
    }

    @Test
    void sound_of_a_model_that_counts_tokens_is_to_be_estimated_by_its_text() {
        // Given
        var body = "{\"model\":\"gpt-4o-mini-tts\",\"instructions\":\"Slowly.\",\"voice\":\"alloy\","
                + "\"input\":\"The quick brown fox jumps over the lazy dog.\"}";
        var request = Formats.parsed(speech, body);
        var relay = request.relay();
        // When
        relay.feed(new byte[10_000], 0, 10_000);
        var estimate = request.estimator().estimate(relay.text());
        // Then: ten tokens are spoken, and three more are read.
        assertThat(relay.facts().answer().usage()).isEqualTo(new Missing());
        assertThat(estimate.tokens())
                .isEqualTo(TokenUsage.builder()
                        .set(Component.INPUT, 13)
                        .set(Component.OUTPUT_AUDIO, 70)
                        .build());
        assertThat(request.facts().output().tokensMax().orElseThrow()).isGreaterThan(70);
    }

    @Test
    void estimate_of_a_sound_is_never_more_than_what_is_held_for_it() {
        // Given
        var request = Formats.parsed(
                speech, "{\"model\":\"gpt-4o-mini-tts\",\"input\":\"" + "\ud83e\udee8".repeat(2_000) + "\"}");
        // When
        var estimate = request.estimator().estimate(OutputText.NONE);
        // Then
        assertThat(estimate.tokens().outputAudio())
                .isPositive()
                .isLessThanOrEqualTo(request.facts().output().tokensMax().orElseThrow());
    }

    @Test
    void speech_as_events_costs_the_tokens_that_it_tells() {
        // Given
        var relay = Formats.relay(speech, "{\"model\":\"gpt-4o-mini-tts\",\"input\":\"Hi\",\"stream_format\":\"sse\"}");
        var audio = "data: {\"type\":\"speech.audio.delta\",\"audio\":\"AAAA\"}\n\n";
        var done = "data: {\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":14,\"output_tokens\":101,"
                + "\"total_tokens\":115}}\n\n";
        // When
        Received received = Splits.feed(relay, bytes(audio + done), List.of(7, 50));
        // Then
        var tokens = TokenUsage.builder()
                .set(Component.INPUT, 14)
                .set(Component.OUTPUT_AUDIO, 101)
                .build();
        assertThat(received).isEqualTo(new Received(audio, done));
        assertThat(relay.facts().answer().usage()).isEqualTo(new Reported(tokens, Optional.empty()));
    }

    private static ProviderRequest parsed(WireFormat format, String model, String... fields) {
        var form = Forms.of(model, fields);
        return Formats.parsed(format.readRequest(Formats.form(Forms.TYPE), form));
    }

    private static Rejected rejected(WireFormat format, String model, String... fields) {
        var reading = format.readRequest(Formats.form(Forms.TYPE), Forms.of(model, fields));
        assertThat(reading).isInstanceOf(Rejected.class);
        return (Rejected) reading;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
