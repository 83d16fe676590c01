package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.Component;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestFacts;
import dev.quotary.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptCounterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // columns: messages | bytes of text | media tokens
                "[{\"content\":\"Hi\"}]|2|0",
                "[{\"content\":\"caf\\u00e9 \\ud83d\\ude00 \\n\"}]|12|0",
                "[{\"content\":\"café 😀\"}]|10|0",
                "[{\"role\":\"user\",\"name\":\"bob\",\"content\":null}]|7|0",
                "[{\"content\":[\"ab\",{\"text\":\"cd\"}]}]|4|0",
                "[{\"content\":[{\"type\":\"text\",\"text\":\"cd\"}]}]|6|0",
                "[{\"content\":[{\"image_url\":{\"url\":\"data:image/png;base64,AAAAAAAA\",\"detail\":\"low\"}}]}]|0|15000",
                "[{\"content\":[{\"image_url\":\"a\"},{\"image_url\":{\"url\":\"b\"}},{\"image_url\":null}]}]|0|30000",
                "[{\"content\":[{\"file\":{\"file_id\":\"f\"}}]}]|0|300000",
                "[{\"content\":[{\"file\":null},{\"file\":\"f\"}]}]|0|300000",
                "[{\"content\":[{\"video_url\":{\"url\":\"v\"}}]}]|0|300000",
                "[{\"audio\":{\"id\":\"a\"}}]|0|15000",
                "[{\"audio\":null}]|0|0",
                "[{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}]|24|0",
                "[{\"image_url\":{\"url\":\"text in the wrong place\"}}]|26|0",
                "[{\"x\":12.50,\"y\":true,\"z\":[1,[2]]}]|11|0"
            })
    void text_counts_by_its_bytes_and_media_by_their_bounds(String messages, long textBytes, long mediaTokens) {
        // When
        InputBound bound = Requests.parsed("{\"model\":\"m\",\"messages\":" + messages + "}")
                .facts()
                .input();

        // Then
        assertThat(bound).isEqualTo(new InputBound(textBytes, mediaTokens, 24, 1));
    }

    @ParameterizedTest
    @CsvSource({"application/pdf, 300000", "text/plain, 600017"})
    void sent_file_that_is_no_pdf_may_be_text_to_its_last_byte(String type, long tokens) {
        // Given
        String file = "{\"filename\":\"f\",\"file_data\":\"data:" + type + ";base64," + "A".repeat(800_000) + "\"}";
        String body = "{\"model\":\"m\",\"messages\":[{\"content\":[{\"file\":" + file + "}]}]}";

        // When
        InputBound bound = Requests.parsed(body).facts().input();

        // Then
        assertThat(bound.mediaTokens()).isEqualTo(tokens);
        assertThat(bound.textBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"mp3, 6400, 101", "wav, 25600, 101", "opus, 6400, 101"})
    void audio_counts_by_its_length(String format, int chars, long atLeast) {
        // Given
        String audio = "{\"data\":\"" + "A".repeat(chars) + "\",\"format\":\"" + format + "\"}";
        String body = "{\"model\":\"m\",\"messages\":[{\"content\":[{\"input_audio\":" + audio + "}]}]}";

        // When
        RequestFacts facts = Requests.parsed(body).facts();

        // Then
        assertThat(facts.input().mediaTokens()).isBetween(atLeast, atLeast + 1);
        assertThat(facts.input().textBytes()).isZero();
        assertThat(facts.components()).contains(Component.INPUT_AUDIO);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"tools\":[ {\"type\":\"function\"} ]'|23",
                "'\"tools\":[]'|2",
                "'\"response_format\":{\"type\":\"text\"}'|30",
                "'\"prediction\":\"abc\"'|15",
                "'\"documents\":[\"abc\"]'|16",
                "'\"unknown\":12345'|12",
                "'\"unknown\":null'|0",
                "'\"metadata\":{\"k\":\"a long text that no model sees\"}'|0",
                "'\"logit_bias\":{\"50256\":-100},\"seed\":7,\"stop\":[\"END\"],\"temperature\":0.5,\"top_p\":1'|0"
            })
    void members_that_a_model_may_see_count_by_their_json(String member, long bytes) {
        // When
        InputBound bound = Requests.parsed(Requests.with(member)).facts().input();

        // Then
        assertThat(bound.textBytes() - "userHi".length()).isEqualTo(bytes);
    }

    @Test
    void bound_is_never_below_the_count_of_a_tokenizer() {
        String[] alphabets = {
            "abc def ", "0123456789", "中文字漢", "😀👩‍👩‍👧é", "{}[]\":,\\n", "\u0001\u0002\uFFFD", "AZaz09+/="
        };
        Seeds.forEach(300, random -> {
            // Given
            String alphabet = alphabets[random.nextInt(alphabets.length)];
            int[] points = random.ints(random.nextInt(400), 0, alphabet.codePointCount(0, alphabet.length()))
                    .map(i -> alphabet.codePointAt(alphabet.offsetByCodePoints(0, i)))
                    .toArray();
            var message = Sample.MAPPER
                    .createObjectNode()
                    .put("role", "user")
                    .put("content", new String(points, 0, points.length));
            var body = Sample.MAPPER.createObjectNode().put("model", "gpt-5");
            body.putArray("messages").add(message).add(message);

            // When
            ProviderRequest request = Requests.parsed(body.toString());

            // Then
            long counted =
                    request.estimator().estimate(OutputText.NONE).tokens().input();
            assertThat(request.facts().input().tokensMax()).isGreaterThanOrEqualTo(counted);
        });
    }
}
