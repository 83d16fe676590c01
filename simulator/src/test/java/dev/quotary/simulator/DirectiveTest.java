package dev.quotary.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectiveTest {
    @Test
    void every_word_is_read_in_any_order() {
        // When
        var directive = Directive.parse(
                "tier=priority no_usage model=gpt-4o-mini-2024-07-18 latency=200ms chunk_delay=1s reasoning=2 "
                        + "cache_write=4 cached=5 output=3 input=19 cut_after=7");

        // Then
        assertThat(directive.counts().input()).hasValue(19);
        assertThat(directive.counts().output()).hasValue(3);
        assertThat(directive.counts().cached()).hasValue(5);
        assertThat(directive.counts().cacheWrite()).hasValue(4);
        assertThat(directive.counts().reasoning()).hasValue(2);
        assertThat(directive.pace()).isEqualTo(new Directive.Pace(Duration.ofMillis(200), Duration.ofSeconds(1)));
        assertThat(directive.ending()).isEqualTo(new Ending.CutAfter(7));
        assertThat(directive.served())
                .isEqualTo(new Directive.Served(Optional.of("gpt-4o-mini-2024-07-18"), Optional.of("priority"), false));
    }

    @Test
    void no_words_leave_everything_to_the_provider() {
        // When
        var directive = Directive.parse("");

        // Then
        assertThat(directive.counts().input()).isEqualTo(OptionalInt.empty());
        assertThat(directive.pace()).isEqualTo(new Directive.Pace(Duration.ZERO, Duration.ZERO));
        assertThat(directive.ending()).isEqualTo(new Ending.Complete());
        assertThat(directive.served()).isEqualTo(new Directive.Served(Optional.empty(), Optional.empty(), true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"error=503", "cut_after=0", "error_after=2", "hang"})
    void each_ending_has_its_word(String word) {
        // When
        var ending = Directive.parse(word).ending();

        // Then
        assertThat(ending)
                .isIn(new Ending.Refused(503), new Ending.CutAfter(0), new Ending.ErrorAfter(2), new Ending.Hanging());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    outputs=3          | outputs     | expected one of input, output, cached
                    output             | output      | a whole number from 0 to 100000, was ''
                    output=            | output      | expected a value after the '='
                    output=-1          | output      | a whole number from 0 to 100000, was '-1'
                    output=100001      | output      | a whole number from 0 to 100000, was '100001'
                    output=99999999999 | output      | a whole number from 0 to 100000, was '99999999999'
                    output=1 output=2  | output      | expected it once
                    input=10000001     | input       | a whole number from 0 to 10000000
                    cached=x           | cached      | a whole number
                    cache_write=1.5    | cache_write | a whole number
                    reasoning=all      | reasoning   | a whole number
                    latency=5          | latency     | a duration such as 200ms, 2s or 1m, of at most 600s, was '5'
                    latency=11m        | latency     | of at most 600s, was '11m'
                    chunk_delay=61s    | chunk_delay | of at most 60s
                    error=200          | error       | a whole number from 400 to 599, was '200'
                    cut_after=-1       | cut_after   | a whole number
                    error_after=soon   | error_after | a whole number
                    hang=1             | hang        | the word alone, without a value, was '1'
                    no_usage=true      | no_usage    | the word alone
                    model="gpt"        | model       | a name of at most 100 letters
                    tier=<b>           | tier        | a name
                    error=500 hang     | error       | at most one of error, cut_after, error_after, truncate_after and hang
                    """)
    void a_bad_word_is_named_with_what_was_expected(String text, String word, String expected) {
        // When
        var error = refusal(() -> Directive.parse(text));

        // Then
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.type()).isEqualTo("invalid_request_error");
        assertThat(error.code()).isEqualTo("invalid_simulate_directive");
        assertThat(error.param()).isEqualTo(word);
        assertThat(error.message()).contains("'" + word + "'").contains(expected);
    }

    @Test
    void a_directive_of_unreasonable_length_is_refused_and_not_repeated() {
        // When
        var error = refusal(() -> Directive.parse("x".repeat(1_001)));

        // Then
        assertThat(error.message())
                .contains("at most 1000 characters, were 1001")
                .hasSizeLessThan(200);
    }

    @Test
    void a_long_unknown_word_is_not_repeated_whole() {
        // When
        var error = refusal(() -> Directive.parse("x".repeat(900)));

        // Then
        assertThat(error.message()).contains("x".repeat(60) + "…").doesNotContain("x".repeat(61));
    }

    @Test
    void the_last_directive_of_the_last_message_with_one_counts_whole() {
        // Given
        var prompt = new Prompt(List.of(
                "[simulate error=500]", "[simulate output=1] and [simulate output=2 tier=flex]", "no directive here"));

        // When
        var directive = Directive.of(List.of(), prompt);

        // Then
        assertThat(directive.counts().output()).hasValue(2);
        assertThat(directive.ending()).isEqualTo(new Ending.Complete());
    }

    @Test
    void the_header_counts_before_the_messages() {
        // Given
        var prompt = new Prompt(List.of("[simulate error=500]"));

        // When
        var directive = Directive.of(List.of("output=4", "latency=1s"), prompt);

        // Then
        assertThat(directive.counts().output()).hasValue(4);
        assertThat(directive.pace().latency()).isEqualTo(Duration.ofSeconds(1));
        assertThat(directive.ending()).isEqualTo(new Ending.Complete());
    }

    @ParameterizedTest
    @ValueSource(strings = {"simulate output=3", "[simulated annealing]", "[simulate-output=3]", "[Simulate x]", ""})
    void other_text_is_no_directive(String text) {
        // When
        var words = new Prompt(List.of(text)).directive();

        // Then
        assertThat(words).isEmpty();
    }

    @Test
    void a_directive_may_be_empty_or_span_lines() {
        assertThat(new Prompt(List.of("[simulate]")).directive()).contains("");
        assertThat(Directive.of(List.of(), new Prompt(List.of("Hi [simulate\n  output=3\n  input=4\n] there")))
                        .counts()
                        .input())
                .hasValue(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[simulate output=3", "[simulate", "[simulate]a [simulate b"})
    void a_directive_without_end_is_refused(String text) {
        // When
        var error = refusal(() -> new Prompt(List.of(text)).directive());

        // Then
        assertThat(error.message()).contains("expected a ']' at its end");
    }

    private static ProviderError refusal(ThrowingCallable call) {
        return catchThrowableOfType(InvalidRequestException.class, call).error();
    }
}
