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
import java.util.Optional;
import java.util.Set;

/**
 * OpenAI's speech. The sound passes as it comes; it is charged by the characters that were sent, which no answer repeats. Only a stream of
 * events says at its end which tokens were used, and is charged by them. Immutable.
 */
public record OpenAiSpeech(OpenAiShared shared) implements OpenAiFormat {
    private static final Set<String> LAST = Set.of("speech.audio.done");

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
        return facts.streaming() == Streaming.ON_WITH_USAGE
                ? new EventRelay(new UsageEvents(shared, LAST, OpenAiSpeech::usage), EventRelay.EVENT_BYTES_MAX)
                : new SoundRelay(characters(facts));
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
        return _ -> new UsageEstimate(characters(facts), "none", false);
    }
}
