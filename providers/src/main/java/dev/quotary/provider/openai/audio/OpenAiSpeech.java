package dev.quotary.provider.openai.audio;

import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.Served;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.UsageEstimate;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.openai.EventRelay;
import dev.quotary.provider.openai.OpenAiFormat;
import dev.quotary.provider.openai.OpenAiShared;
import dev.quotary.provider.openai.SplicedRequest;
import dev.quotary.provider.openai.UsageDocument;
import dev.quotary.provider.openai.UsageEvents;
import dev.quotary.provider.openai.UsageTree;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * OpenAI's speech. The sound passes as it comes, and no answer but a stream of events says what it used. Models that are billed by the
 * character are charged by the characters that were sent, which is exact. Models that are billed by tokens are charged by an estimate from
 * the text, marked as one. Immutable.
 */
public record OpenAiSpeech(OpenAiShared shared) implements OpenAiFormat {
    private static final Set<String> LAST = Set.of("speech.audio.done");
    private static final Set<String> SPOKEN = Set.of("input");
    private static final Set<String> READ = Set.of("input", "instructions");

    /**
     * Audio tokens per token of text: people say about three tokens of text a second, in whatever language, and a second of sound is 21
     * tokens.
     */
    private static final long AUDIO_PER_TEXT = 7;

    /** Models that count tokens; all others are taken to be billed by the character, which every answer is known to have. */
    static boolean byTokens(String model) {
        return model.toLowerCase(Locale.ROOT).contains("gpt-");
    }

    @Override
    public String id() {
        return shared.dialect().id("speech");
    }

    @Override
    public RequestReading readRequest(RequestHead head, byte[] body) {
        return SpeechRequestReader.read(new SplicedRequest.Body(head, body), this);
    }

    /** Never asked for, as all these answers are streams. */
    @Override
    public AnswerFacts readAnswer(byte[] body) {
        return new AnswerFacts(new Missing(), Served.UNNAMED, List.of());
    }

    @Override
    public OutputText readText(byte[] body) {
        return OutputText.NONE;
    }

    @Override
    public StreamRelay relay(RequestFacts facts) {
        if (facts.streaming() == Streaming.ON_WITH_USAGE) {
            return new EventRelay(new UsageEvents(shared, LAST, OpenAiSpeech::usage), EventRelay.EVENT_BYTES_MAX);
        }
        return new SoundRelay(
                byTokens(facts.model()) ? new Missing() : new Reported(characters(facts), Optional.empty()));
    }

    private static TokenUsage characters(RequestFacts facts) {
        return TokenUsage.NONE.with(Component.CHARACTERS, facts.feesMax().characters());
    }

    private static UsageReading usage(UsageDocument event) {
        if (event.broken().isPresent()) {
            return new Broken(event.broken().get());
        }
        return event.usage().map(OpenAiSpeech::usage).orElseGet(Missing::new);
    }

    private static UsageReading usage(UsageTree usage) {
        long input = usage.count("input_tokens");
        long output = usage.count("output_tokens");
        if (!usage.has("input_tokens") || !usage.has("output_tokens")) {
            usage.wrong("usage without input_tokens and output_tokens");
        } else if (usage.has("total_tokens") && usage.count("total_tokens") != input + output) {
            usage.wrong("the parts of total_tokens do not add up");
        }
        var tokens = TokenUsage.builder().set(Component.INPUT, input).set(Component.OUTPUT_AUDIO, output);
        return usage.broken()
                .<UsageReading>map(broken -> broken)
                .orElseGet(() -> new Reported(tokens.build(), Optional.empty()));
    }

    @Override
    public UsageEstimator estimator(byte[] body, RequestFacts facts) {
        if (!byTokens(facts.model())) {
            return _ -> new UsageEstimate(characters(facts), "none", false);
        }
        var read = shared.estimating().texts(body, facts, READ);
        var spoken = shared.estimating().texts(body, facts, SPOKEN);
        return _ -> estimate(facts, read.estimate(OutputText.NONE), spoken.estimate(OutputText.NONE));
    }

    private static UsageEstimate estimate(RequestFacts facts, UsageEstimate read, UsageEstimate spoken) {
        long audio = Math.min(
                spoken.tokens().input() * AUDIO_PER_TEXT,
                facts.output().tokensMax().orElse(Long.MAX_VALUE));
        var tokens = TokenUsage.builder()
                .set(Component.INPUT, read.tokens().input())
                .set(Component.OUTPUT_AUDIO, audio)
                .build();
        return new UsageEstimate(tokens, read.encoding(), true);
    }
}
