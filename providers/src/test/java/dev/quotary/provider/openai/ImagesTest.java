package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.Component;
import dev.quotary.price.PartUsage;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.UsageReading;
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

/** Images, made and edited. */
class ImagesTest {
    private static final String USAGE = "{\"input_tokens\":50,\"input_tokens_details\":{\"image_tokens\":40,"
            + "\"text_tokens\":10},\"output_tokens\":1100,\"output_tokens_details\":{\"image_tokens\":1056,"
            + "\"text_tokens\":44},\"total_tokens\":1150}";

    private static final TokenUsage TOKENS = TokenUsage.builder()
            .set(Component.INPUT, 10)
            .set(Component.INPUT_IMAGE, 40)
            .set(Component.OUTPUT, 44)
            .set(Component.OUTPUT_IMAGE, 1056)
            .build();

    private final WireFormat format = Formats.of("/v1/images/generations");

    @Test
    void tokens_of_text_and_images_are_told_apart() {
        assertThat(read("{\"created\":1,\"data\":[{\"b64_json\":\"AAAA\"}],\"usage\":" + USAGE + "}"))
                .isEqualTo(new Reported(TOKENS, Optional.empty()));
    }

    @Test
    void output_that_is_not_split_is_all_images() {
        assertThat(read("{\"data\":[{}],\"usage\":{\"input_tokens\":5,\"output_tokens\":7,\"total_tokens\":12}}"))
                .isEqualTo(new Reported(
                        TokenUsage.builder()
                                .set(Component.INPUT, 5)
                                .set(Component.OUTPUT_IMAGE, 7)
                                .build(),
                        Optional.empty()));
    }

    @Test
    void drawing_of_another_model_is_a_part_of_its_own() {
        // Given
        var svg =
                "{\"model\":\"gpt-5.5\",\"input_tokens\":3,\"output_tokens\":9,\"reasoning_tokens\":4,\"total_tokens\":12}";
        // When
        var usage = read("{\"data\":[{}],\"svg_usage\":" + svg + ",\"usage\":" + USAGE + "}");
        // Then
        var drawn = TokenUsage.builder()
                .set(Component.INPUT, 3)
                .set(Component.OUTPUT, 9)
                .reasoning(4)
                .build();
        assertThat(usage).isEqualTo(new Reported(TOKENS, Optional.empty(), List.of(new PartUsage("gpt-5.5", drawn))));
    }

    @Test
    void images_are_counted_where_no_tokens_are_told() {
        assertThat(read("{\"created\":1,\"data\":[{\"url\":\"x\"},{\"url\":\"y\"}]}"))
                .isEqualTo(new Reported(TokenUsage.NONE.with(Component.IMAGES, 2), Optional.empty()));
        assertThat(read("{\"created\":1}")).isEqualTo(new Missing());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input_tokens\":5}",
                "{\"input_tokens\":5,\"output_tokens\":7,\"total_tokens\":13}",
                "{\"input_tokens\":5,\"input_tokens_details\":{\"image_tokens\":6},\"output_tokens\":7}",
                "{\"input_tokens\":5,\"output_tokens\":7,\"output_tokens_details\":{\"text_tokens\":8}}"
            })
    void usage_that_contradicts_itself_is_broken(String usage) {
        assertThat(read("{\"data\":[{}],\"usage\":" + usage + "}")).isInstanceOf(Broken.class);
    }

    @Test
    void stream_passes_unchanged_at_every_split_and_keeps_the_last_image_apart() {
        // Given
        var partial = "event: image_generation.partial_image\ndata: {\"type\":\"image_generation.partial_image\","
                + "\"b64_json\":\"AAAA\",\"partial_image_index\":0}\n\n";
        var last = "event: image_generation.completed\ndata: {\"type\":\"image_generation.completed\","
                + "\"b64_json\":\"BBBB\",\"usage\":" + USAGE + "}\n\n";
        byte[] stream = (partial + last).getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= stream.length; cut++) {
            var relay = Formats.relay(format, "{\"model\":\"gpt-image-2\",\"prompt\":\"a cat\",\"stream\":true}");
            // When
            Received received = Splits.feed(relay, stream, List.of(cut));
            // Then
            assertThat(received).isEqualTo(new Received(partial, last));
            assertThat(relay.facts().answer().usage()).isEqualTo(new Reported(TOKENS, Optional.empty()));
        }
    }

    @Test
    void request_is_held_for_its_images() {
        // When
        var tokens = Formats.parsed(
                        format,
                        "{\"model\":\"gpt-image-2\",\"prompt\":\"a cat\",\"stream\":true,\"partial_images\":2,\"size\":\"auto\"}")
                .facts();
        var each = Formats.parsed(format, "{\"model\":\"dall-e-3\",\"prompt\":\"a cat\",\"n\":3}")
                .facts();
        // Then
        assertThat(tokens.streaming()).isEqualTo(Streaming.ON_WITH_USAGE);
        assertThat(tokens.output()).isEqualTo(new OutputBound(OptionalLong.of(25_200), 1));
        assertThat(tokens.input().textBytes()).isEqualTo(7);
        assertThat(each.output()).isEqualTo(OutputBound.NONE);
        assertThat(each.feesMax().images()).isEqualTo(3);
    }

    @Test
    void edit_is_read_as_a_form_and_as_json() {
        // Given
        var json =
                "{\"model\":\"gpt-image-2\",\"images\":[{\"file_id\":\"file-1\"},{\"image_url\":\"data:x\"}],\"prompt\":\"p\"}";
        // When
        var form = Formats.parsed(
                format.readRequest(Formats.form(Forms.TYPE), Forms.of("gpt-image-2", "n=2", "prompt=abcd")));
        var edited = Formats.parsed(format, json);
        // Then
        assertThat(form.facts().input().textBytes()).isEqualTo(4);
        assertThat(form.facts().input().mediaTokens()).isEqualTo(15_000);
        assertThat(form.facts().output().choices()).isEqualTo(2);
        assertThat(edited.facts().input().mediaTokens()).isEqualTo(30_000);
    }

    @Test
    void estimate_takes_images_of_a_common_size() {
        // Given
        var each = Formats.parsed(format, "{\"model\":\"dall-e-3\",\"prompt\":\"a\",\"n\":3}");
        var tokens = Formats.parsed(format, "{\"model\":\"gpt-image-2\",\"prompt\":\"abcdefgh\",\"n\":2}");
        // Then
        assertThat(each.estimator().estimate(OutputText.NONE).tokens())
                .isEqualTo(TokenUsage.NONE.with(Component.IMAGES, 3));
        assertThat(tokens.estimator().estimate(OutputText.NONE).tokens().outputImage())
                .isEqualTo(2 * 1056);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt\":\"a\"} | model",
                "{\"model\":\"m\",\"prompt\":\"a\",\"n\":2,\"stream\":true} | n",
                "{\"model\":\"m\",\"prompt\":\"a\",\"n\":0} | n",
                "{\"model\":\"m\",\"prompt\":\"a\",\"N\":3} | N"
            })
    void request_that_cannot_be_bounded_is_refused(String body, String param) {
        assertThat(Formats.rejected(format, body).param()).hasValue(param);
    }

    private UsageReading read(String answer) {
        return format.readAnswer(answer.getBytes(StandardCharsets.UTF_8)).usage();
    }
}
