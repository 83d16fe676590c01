package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestReading;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatRewriteTest {
    private static final String HEAD = "{\"model\":\"m\",\"messages\":[{}],";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "\"stream\":true}|\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "\"stream\" : true #\t}# |\"stream\" : true,\"stream_options\":{\"include_usage\":true} #\t}# ",
                "\"stream\":true,\"stream_options\":null}|\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "\"stream_options\" : null , \"stream\":true}|\"stream_options\" : {\"include_usage\":true} , \"stream\":true}",
                "\"stream\":true,\"stream_options\":{}}|\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "\"stream\":true,\"stream_options\":{ }}|\"stream\":true,\"stream_options\":{\"include_usage\":true }}",
                "\"stream\":true,\"stream_options\":{\"include_obfuscation\":false}}|\"stream\":true,\"stream_options\":{\"include_usage\":true,\"include_obfuscation\":false}}",
                "\"stream\":true,\"stream_options\":{\"include_usage\":false}}|\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "\"stream\":true,\"stream_options\":{\"a\":{\"include_usage\":true},\"include_usage\" : null,\"b\":1}}|\"stream\":true,\"stream_options\":{\"a\":{\"include_usage\":true},\"include_usage\" : true,\"b\":1}}",
                "\"stream\":true,\"text\":\"\\\"stream_options\\\":{\\\"include_usage\\\":true}\"}|\"stream\":true,\"text\":\"\\\"stream_options\\\":{\\\"include_usage\\\":true}\",\"stream_options\":{\"include_usage\":true}}"
            })
    void stream_without_usage_asks_for_it(String rest, String expected) {
        // A sharp stands for a line feed, which would end a row of the table.
        assertThat(rewritten(HEAD + rest.replace('#', '\n'), OptionalLong.empty()))
                .isEqualTo(HEAD + expected.replace('#', '\n'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"n\":1}|\"n\":1,\"max_completion_tokens\":55}",
                "\"max_completion_tokens\":null,\"n\":1}|\"max_completion_tokens\":55,\"n\":1}",
                "\"max_tokens\":null}|\"max_tokens\":null,\"max_completion_tokens\":55}",
                "\"stream\":true}|\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_completion_tokens\":55}",
                "\"max_completion_tokens\":null,\"stream\":true,\"stream_options\":{\"include_usage\":false}}|\"max_completion_tokens\":55,\"stream\":true,\"stream_options\":{\"include_usage\":true}}"
            })
    void call_without_a_cap_gets_one(String rest, String expected) {
        assertThat(rewritten(HEAD + rest, OptionalLong.of(55))).isEqualTo(HEAD + expected);
    }

    @Test
    void compatible_servers_get_the_older_name_of_the_cap() {
        // Given
        byte[] body = (HEAD + "\"max_tokens\":null,\"n\":1}").getBytes(StandardCharsets.UTF_8);
        ProviderRequest request = Requests.parsed(Requests.format(ChatDialect.COMPATIBLE), body);

        // When
        byte[] upstream = request.upstreamBody(OptionalLong.of(55));

        // Then
        assertThat(new String(upstream, StandardCharsets.UTF_8)).isEqualTo(HEAD + "\"max_tokens\":55,\"n\":1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"max_tokens\":5}",
                "\"max_completion_tokens\":5}",
                "\"max_tokens\":5,\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "\"max_tokens\":5,\"stream\":false,\"stream_options\":{\"include_usage\":false}}",
                "\"max_tokens\":5,\"stream\":null}"
            })
    void body_that_needs_no_change_is_the_same_array(String rest) {
        // Given
        byte[] body = (HEAD + rest).getBytes(StandardCharsets.UTF_8);

        // When
        byte[] upstream =
                Requests.parsed(Requests.format(ChatDialect.OPENAI), body).upstreamBody(OptionalLong.of(55));

        // Then
        assertThat(upstream).isSameAs(body);
    }

    @Test
    void servers_that_refuse_stream_options_are_not_sent_any() {
        // Given
        var dialect = new ChatDialect(
                ChatDialect.Family.COMPATIBLE, InputBounds.OPENAI, OutputCap.MAX_TOKENS, StreamUsage.UNASKED, 100);
        byte[] body = (HEAD + "\"stream\":true}").getBytes(StandardCharsets.UTF_8);

        // When
        byte[] upstream = Requests.parsed(Requests.format(dialect), body).upstreamBody(OptionalLong.empty());

        // Then
        assertThat(upstream).isSameAs(body);
    }

    @Test
    void cap_below_one_is_refused() {
        // Given
        ProviderRequest request = Requests.parsed(HEAD + "\"n\":1}");

        // When, Then
        assertThatThrownBy(() -> request.upstreamBody(OptionalLong.of(0))).isInstanceOf(IllegalArgumentException.class);
    }

    private static String rewritten(String body, OptionalLong cap) {
        return new String(Requests.parsed(body).upstreamBody(cap), StandardCharsets.UTF_8);
    }

    @Test
    void request_to_another_model_differs_in_its_name_alone() {
        // Given
        byte[] body =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}], \"model\" : \"gpt\\u002d6\",\"max_tokens\":3}"
                        .getBytes(StandardCharsets.UTF_8);
        // When
        RequestReading reading =
                Requests.parsed(Requests.format(ChatDialect.OPENAI), body).forModel("gpt-6-\"mini\"");
        // Then
        assertThat(reading).isInstanceOfSatisfying(RequestReading.Parsed.class, renamed -> {
            assertThat(renamed.request().facts().model()).isEqualTo("gpt-6-\"mini\"");
            assertThat(new String(renamed.request().upstreamBody(OptionalLong.empty()), StandardCharsets.UTF_8))
                    .isEqualTo(
                            "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}], \"model\" : \"gpt-6-\\\"mini\\\"\",\"max_tokens\":3}");
        });
    }
}
