package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Begun;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Partial;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random and damaged answers: the usage is the one of the document, or it is told to be broken. */
class ChatAnswerProperties {
    private static final OpenAiChat FORMAT = Requests.format(ChatDialect.OPENAI);
    private static final byte[] NOISE = "{}[]\":,\\0123456789-.eE nul".getBytes(StandardCharsets.UTF_8);

    @Test
    void buckets_are_disjoint_and_add_up_or_the_usage_is_broken() {
        Seeds.forEach(5_000, random -> {
            // Given
            long prompt = random.nextLong(100);
            long completion = random.nextLong(100);
            long extra = random.nextInt(3) == 0 ? random.nextLong(-2, 50) : 0;
            long[] parts = random.longs(5, 0, random.nextBoolean() ? 30 : 70).toArray();
            String usage = "{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + completion
                    + ",\"total_tokens\":"
                    + (prompt + completion + extra) + ",\"prompt_tokens_details\":{\"cached_tokens\":" + parts[0]
                    + ",\"cache_write_tokens\":" + parts[1] + ",\"audio_tokens\":" + parts[2]
                    + "},\"completion_tokens_details\":{\"reasoning_tokens\":" + parts[3] + ",\"audio_tokens\":"
                    + parts[4] + "}}";

            // When
            UsageReading reading = read("{\"usage\":" + usage + "}").usage();

            // Then
            long input = prompt - parts[0] - parts[1] - parts[2];
            long output = completion + extra - parts[4];
            if (extra < 0 || input < 0 || output < parts[3]) {
                assertThat(reading).isInstanceOf(Broken.class);
            } else {
                var tokens = TokenUsage.builder()
                        .set(Component.INPUT, input)
                        .set(Component.CACHED_INPUT, parts[0])
                        .set(Component.CACHE_WRITE_5M, parts[1])
                        .set(Component.INPUT_AUDIO, parts[2])
                        .set(Component.OUTPUT, output)
                        .set(Component.OUTPUT_AUDIO, parts[4])
                        .reasoning(parts[3])
                        .build();
                assertThat(reading)
                        .isInstanceOfSatisfying(
                                Reported.class,
                                reported -> assertThat(reported.tokens()).isEqualTo(tokens));
            }
        });
    }

    @Test
    void damaged_answers_are_read_as_a_tree_parser_reads_them_or_are_broken() {
        List<byte[]> answers = List.of(
                Sample.of("03-openai-chat-cache-write").answer(),
                Sample.of("33-xai-reasoning-additive").answer());
        Seeds.forEach(20_000, random -> {
            // Given
            byte[] answer = damaged(answers.get(random.nextInt(answers.size())), random);

            // When
            AnswerFacts facts = FORMAT.readAnswer(answer);

            // Then
            switch (facts.usage()) {
                case Reported(var tokens, var _, var _) -> {
                    JsonNode usage = Sample.tree(answer).path("usage");
                    long prompt = usage.path("prompt_tokens").asLong();
                    assertThat(tokens.totalInput()).isEqualTo(prompt);
                    long written = usage.path("completion_tokens").asLong();
                    long total = usage.hasNonNull("total_tokens")
                            ? usage.path("total_tokens").asLong()
                            : prompt + written;
                    assertThat(tokens.totalOutput()).isEqualTo(total - prompt);
                }
                case Missing() ->
                    assertThat(Sample.tree(answer).hasNonNull("usage")).isFalse();
                case Partial partial -> throw new AssertionError("a whole answer is never partial: " + partial);
                case Begun begun -> throw new AssertionError("a whole answer has ended: " + begun);
                case Broken(String reason) -> assertThat(reason).isNotBlank();
            }
        });
    }

    private static byte[] damaged(byte[] answer, RandomGenerator random) {
        byte[] damaged = answer.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            // The second half holds the usage.
            int at = random.nextInt(damaged.length / 2, damaged.length);
            damaged[at] = random.nextInt(8) == 0 ? (byte) random.nextInt(256) : NOISE[random.nextInt(NOISE.length)];
        }
        return damaged;
    }

    private static AnswerFacts read(String answer) {
        return FORMAT.readAnswer(answer.getBytes(StandardCharsets.UTF_8));
    }
}
