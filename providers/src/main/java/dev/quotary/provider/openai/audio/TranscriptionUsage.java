package dev.quotary.provider.openai.audio;

import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.openai.ProviderCost;
import dev.quotary.provider.openai.UsageDocument;
import dev.quotary.provider.openai.UsageTree;
import java.math.BigDecimal;
import java.util.Optional;

/** What the text of a recording used: tokens or seconds, as its usage says; without usage the seconds of a verbose answer. */
final class TranscriptionUsage {
    private static final BigDecimal SECONDS_MAX = BigDecimal.valueOf(1_000_000_000L);
    private static final int DECIMALS_MAX = 64;

    private TranscriptionUsage() {}

    static UsageReading read(UsageDocument answer) {
        if (answer.broken().isPresent()) {
            return new Broken(answer.broken().get());
        }
        return answer.usage()
                .map(TranscriptionUsage::told)
                .orElseGet(() ->
                        answer.duration().map(TranscriptionUsage::measured).orElseGet(Missing::new));
    }

    private static UsageReading measured(BigDecimal seconds) {
        // Judged before anything is computed with it: 1e999999999 has too many digits to be written out.
        boolean plausible = seconds.signum() >= 0
                && (long) seconds.precision() - seconds.scale() <= SECONDS_MAX.precision()
                && seconds.scale() <= DECIMALS_MAX;
        return plausible ? seconds(seconds, Optional.empty()) : new Broken("duration is not a plausible number");
    }

    private static UsageReading seconds(BigDecimal seconds, Optional<BigDecimal> cost) {
        return new Reported(TokenUsage.NONE.with(Component.AUDIO_SECONDS, AudioLength.whole(seconds)), cost);
    }

    private static UsageReading told(UsageTree usage) {
        var cost = ProviderCost.read(usage);
        if (usage.text("type").equals(Optional.of("duration"))) {
            var seconds = usage.decimal("seconds");
            if (seconds.isEmpty()) {
                usage.wrong("usage of type duration without seconds");
            }
            return usage.broken()
                    .<UsageReading>map(broken -> broken)
                    .orElseGet(() -> seconds(seconds.orElseThrow(), cost));
        }
        var tokens = tokens(usage);
        return usage.broken().<UsageReading>map(broken -> broken).orElseGet(() -> new Reported(tokens.build(), cost));
    }

    /** {@code input_tokens} has both kinds in it. */
    private static TokenUsage.Builder tokens(UsageTree usage) {
        long input = usage.count("input_tokens");
        long output = usage.count("output_tokens");
        long total = usage.has("total_tokens") ? usage.count("total_tokens") : input + output;
        boolean split = usage.has("input_token_details.text_tokens") || usage.has("input_token_details.audio_tokens");
        long text = usage.count("input_token_details.text_tokens");
        long audio = split && usage.has("input_token_details.audio_tokens")
                ? usage.count("input_token_details.audio_tokens")
                : input - text;
        if (!usage.has("input_tokens") || !usage.has("output_tokens")) {
            usage.wrong("usage without input_tokens and output_tokens");
        } else if (text > input || audio > input || text + audio > input || total != input + output) {
            usage.wrong("the parts of total_tokens do not add up");
        }
        return TokenUsage.builder()
                .set(Component.INPUT, input - audio)
                .set(Component.INPUT_AUDIO, audio)
                .set(Component.OUTPUT, output);
    }
}
