package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.UsageReading.Reported;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recorded plain answers. */
class ChatSamplesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-openai-chat-plain",
                "02-openai-chat-cached-reasoning",
                "03-openai-chat-cache-write",
                "17-openai-tier-priority",
                "18-openai-long-context",
                "33-xai-reasoning-additive"
            })
    void answer_gives_the_expected_usage_model_and_tier(String name) {
        // Given
        Sample sample = Sample.of(name);

        // When
        AnswerFacts facts = sample.format().readAnswer(sample.answer());

        // Then
        Optional<BigDecimal> cost = Optional.ofNullable(sample.exchange()
                        .at("/expected_usage/provider_cost_usd")
                        .textValue())
                .map(BigDecimal::new);
        assertThat(facts.usage()).isInstanceOfSatisfying(Reported.class, reported -> {
            assertThat(reported.tokens()).isEqualTo(sample.expectedUsage());
            assertThat(reported.costUsd().map(BigDecimal::stripTrailingZeros))
                    .isEqualTo(cost.map(BigDecimal::stripTrailingZeros));
        });
        assertThat(facts.served().model())
                .contains(sample.exchange().at("/response/body/model").asText());
        assertThat(facts.served().tier().key()).isEqualTo(sample.expectedTier());
        assertThat(facts.served().tierText())
                .contains(sample.exchange().at("/response/body/service_tier").asText());
        assertThat(facts.finishReasons()).isEqualTo(List.of("stop"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-openai-chat-plain",
                "02-openai-chat-cached-reasoning",
                "04-openai-chat-stream-usage-requested",
                "05-openai-chat-stream-usage-injected",
                "06-openai-chat-stream-tool-call"
            })
    void input_bound_is_not_below_the_prompt_tokens_that_the_provider_counted(String name) {
        // Given
        Sample sample = Sample.of(name);

        // When
        ProviderRequest request = Requests.parsed(sample.format(), sample.request());

        // Then: sample 02 has a shortened prompt, so it is compared by what its text could count only.
        long counted = sample.expectedUsage().totalInput();
        assertThat(request.facts().input().tokensMax()).isGreaterThanOrEqualTo(name.startsWith("02") ? 7 + 7 : counted);
    }

    @Test
    void hidden_prompts_of_other_servers_are_within_their_bounds() {
        // Given
        Sample xai = Sample.of("33-xai-reasoning-additive");
        Sample ollama = Sample.of("36-ollama-stream");

        // When
        long xaiBound =
                Requests.parsed(xai.format(), xai.request()).facts().input().tokensMax();
        long ollamaBound = Requests.parsed(ollama.format(), ollama.request())
                .facts()
                .input()
                .tokensMax();

        // Then
        assertThat(xaiBound).isGreaterThanOrEqualTo(1200);
        assertThat(ollamaBound).isGreaterThanOrEqualTo(26);
    }

    @Test
    void upstream_request_of_the_injected_stream_is_the_recorded_one() {
        // Given
        Sample sample = Sample.of("05-openai-chat-stream-usage-injected");

        // When
        byte[] upstream = Requests.parsed(sample.format(), sample.request()).upstreamBody(OptionalLong.empty());

        // Then
        assertThat(upstream).isEqualTo(Sample.bytes(sample.exchange().path("upstream_request_body")));
    }
}
