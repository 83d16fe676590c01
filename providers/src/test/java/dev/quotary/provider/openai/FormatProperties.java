package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Partial;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.WireFormat;
import dev.quotary.provider.openai.Splits.Received;
import dev.quotary.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** All formats but chats under damage: nothing is thrown, nothing is lost on the way, and no usage is wrong. */
class FormatProperties {
    private static final byte[] NOISE = "{}[]\":,\\\n\r 0123456789-.eEnul".getBytes(StandardCharsets.UTF_8);

    /** A stream of one format, and the request that it answers. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Streamed(WireFormat format, byte[] request, byte[] stream) {}

    private static final WireFormat RESPONSES = Formats.of("/v1/responses");
    private static final WireFormat IMAGES = Formats.of("/v1/images/generations");
    private static final WireFormat TRANSCRIPTIONS = Formats.of("/v1/audio/transcriptions");
    private static final WireFormat SPEECH = Formats.of("/v1/audio/speech");

    private static final List<Streamed> STREAMS = List.of(
            new Streamed(
                    RESPONSES,
                    bytes("{\"model\":\"m\",\"input\":\"Hi\",\"stream\":true}"),
                    Sample.of("10-openai-responses-stream").stream()),
            new Streamed(
                    RESPONSES,
                    bytes("{\"model\":\"m\",\"input\":\"Hi\",\"stream\":true}"),
                    bytes(
                            "data: {\"type\":\"response.output_text.delta\",\"delta\":\"中😀\\u00e4\",\"sequence_number\":1}\n\n"
                                    + ": ping\n\ndata: {\"type\":\"response.incomplete\",\"response\":{\"id\":\"resp_1\","
                                    + "\"status\":\"incomplete\",\"usage\":{\"input_tokens\":812,\"input_tokens_details\":"
                                    + "{\"cached_tokens\":100},\"output_tokens\":77,\"total_tokens\":889}}}\n\ndata: [DONE]\n\n")),
            new Streamed(
                    IMAGES,
                    bytes("{\"model\":\"m\",\"prompt\":\"p\",\"stream\":true}"),
                    bytes("data: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"AAAA\"}\n\n"
                            + "data: {\"type\":\"image_generation.completed\",\"usage\":{\"input_tokens\":812,"
                            + "\"output_tokens\":77,\"total_tokens\":889}}\n\n")),
            new Streamed(
                    SPEECH,
                    bytes("{\"model\":\"m\",\"input\":\"p\",\"stream_format\":\"sse\"}"),
                    bytes("data: {\"type\":\"speech.audio.delta\",\"audio\":\"AAAA\"}\r\n\r\n"
                            + "data: {\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":812,"
                            + "\"output_tokens\":77,\"total_tokens\":889}}\r\n\r\n")));

    @Test
    void damaged_streams_pass_and_their_usage_is_true_or_told_to_be_broken() {
        Seeds.forEach(20_000, random -> {
            // Given
            var streamed = STREAMS.get(random.nextInt(STREAMS.size()));
            byte[] stream = damaged(streamed.stream(), random, 0);
            var whole = Formats.parsed(read(streamed)).relay();
            var pieces = Formats.parsed(read(streamed)).relay();
            // When
            Received fromWhole = Splits.feed(whole, stream, List.of());
            Received fromPieces = Splits.feed(pieces, stream, Splits.randomCuts(random, stream.length));
            // Then
            assertThat(fromPieces).isEqualTo(fromWhole);
            assertThat(fromWhole.all()).isEqualTo(new String(stream, StandardCharsets.UTF_8));
            assertThat(pieces.facts()).isEqualTo(whole.facts());
            if (whole.facts().answer().usage() instanceof Reported(var tokens, var _, var _)) {
                var usage = usageIn(fromWhole.tail());
                assertThat(tokens.totalInput())
                        .isEqualTo(usage.path("input_tokens").asLong());
                assertThat(tokens.totalInput() + tokens.totalOutput()).isEqualTo(total(usage));
            }
        });
    }

    @Test
    void damaged_answers_are_read_as_a_tree_parser_reads_them_or_are_broken() {
        List<Streamed> answers = List.of(
                new Streamed(
                        RESPONSES,
                        new byte[0],
                        Sample.of("09-openai-responses-tools-cachewrite").answer()),
                new Streamed(
                        IMAGES,
                        new byte[0],
                        bytes("{\"created\":1,\"data\":[{\"b64_json\":\"AA\"}],\"usage\":{\"input_tokens\":812,"
                                + "\"input_tokens_details\":{\"image_tokens\":100,\"text_tokens\":712},\"output_tokens\":77,"
                                + "\"total_tokens\":889}}")),
                new Streamed(
                        TRANSCRIPTIONS,
                        new byte[0],
                        bytes(
                                "{\"text\":\"Hi\",\"usage\":{\"type\":\"tokens\",\"input_tokens\":812,\"input_token_details\":"
                                        + "{\"text_tokens\":12,\"audio_tokens\":800},\"output_tokens\":77,\"total_tokens\":889}}")));
        Seeds.forEach(20_000, random -> {
            // Given
            var given = answers.get(random.nextInt(answers.size()));
            byte[] answer = damaged(given.stream(), random, given.stream().length / 2);
            // When
            var usage = given.format().readAnswer(answer).usage();
            given.format().readText(answer);
            // Then
            switch (usage) {
                case Reported(var tokens, var _, var _) -> {
                    var told = Sample.tree(answer).path("usage");
                    boolean counted = told.hasNonNull("input_tokens");
                    assertThat(tokens.totalInput())
                            .isEqualTo(told.path("input_tokens").asLong());
                    assertThat(tokens.totalInput() + tokens.totalOutput()).isEqualTo(counted ? total(told) : 0);
                }
                case Partial _, Missing _ -> Sample.tree(answer);
                case Broken(String reason) -> assertThat(reason).isNotBlank();
            }
        });
    }

    @Test
    void damaged_requests_are_answered_and_not_thrown_at() {
        var bodies = List.of(
                bytes("{\"model\":\"gpt-6\",\"input\":[{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":"
                        + "\"input_text\",\"text\":\"Hi 中😀\"},{\"type\":\"input_file\",\"file_data\":\"data:x\"}]}],\"tools\":"
                        + "[{\"type\":\"web_search\"}],\"max_output_tokens\":null,\"stream\":false,\"prompt\":null}"),
                bytes("{\"model\":\"gpt-6\",\"input\":[[1,2],[3]],\"prompt\":[\"a\",\"b\"],\"n\":2,\"best_of\":3}"),
                bytes(
                        "{\"model\":\"gpt-6\",\"input\":\"a\",\"prompt\":\"b\",\"stream_format\":\"sse\",\"images\":[{}]}"),
                Forms.of("gpt-6", "n=1", "stream=false", "response_format=verbose_json"));
        var formats = List.of(
                RESPONSES,
                IMAGES,
                TRANSCRIPTIONS,
                SPEECH,
                Formats.of("/v1/embeddings"),
                Formats.of("/v1/completions"),
                Formats.of("/v1/audio/translations"));
        Seeds.forEach(20_000, random -> {
            // Given
            byte[] body = damaged(bodies.get(random.nextInt(bodies.size())), random, 0);
            var format = formats.get(random.nextInt(formats.size()));
            // When
            RequestReading reading = format.readRequest(Formats.form(Forms.TYPE), body);
            // Then: what is let through names the model that a tree parser finds, also with a cap put in.
            if (reading instanceof Parsed(var request)) {
                request.facts().usageBound(77);
                byte[] upstream = request.upstreamBody(OptionalLong.of(77));
                if (body[0] == '{' || body[0] == ' ') {
                    assertThat(Sample.tree(upstream).path("model").asText())
                            .isEqualTo(request.facts().model());
                } else {
                    assertThat(new String(upstream, StandardCharsets.UTF_8))
                            .contains("\r\n\r\n" + request.facts().model() + "\r\n");
                }
            }
        });
    }

    @Test
    void depth_and_size_of_hostile_answers_are_bounded() {
        // Given
        var deep = "{\"usage\":" + "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000) + "}";
        var wide = new StringBuilder("{\"status\":\"completed\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1");
        for (int i = 0; i < 100_000; i++) {
            wide.append(",\"x").append(i).append("\":1");
        }
        // Then
        for (var format : List.of(RESPONSES, IMAGES, TRANSCRIPTIONS)) {
            assertThat(format.readAnswer(bytes(deep)).usage()).isInstanceOf(Broken.class);
            assertThat(format.readAnswer(bytes(wide + "}}")).usage()).isInstanceOf(Broken.class);
        }
    }

    private static RequestReading read(Streamed streamed) {
        return streamed.format().readRequest(Formats.form("application/json"), streamed.request());
    }

    private static long total(JsonNode usage) {
        long sum = usage.path("input_tokens").asLong()
                + usage.path("output_tokens").asLong();
        return usage.hasNonNull("total_tokens") ? usage.path("total_tokens").asLong() : sum;
    }

    /** The usage that the last event of a stream tells. */
    private static JsonNode usageIn(String tail) {
        int data = tail.indexOf("data:") + "data:".length();
        var line = tail.substring(data, tail.indexOf('\n', data) < 0 ? tail.length() : tail.indexOf('\n', data));
        var event = Sample.tree(bytes(line));
        return event.has("response") ? event.at("/response/usage") : event.path("usage");
    }

    private static byte[] damaged(byte[] bytes, RandomGenerator random, int from) {
        byte[] damaged = bytes.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(from, damaged.length);
            damaged[at] = random.nextInt(8) == 0 ? (byte) random.nextInt(256) : NOISE[random.nextInt(NOISE.length)];
        }
        return damaged;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
