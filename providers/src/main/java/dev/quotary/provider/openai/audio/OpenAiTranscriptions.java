package dev.quotary.provider.openai.audio;

import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageEstimate;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.openai.EventRelay;
import dev.quotary.provider.openai.OpenAiFormat;
import dev.quotary.provider.openai.OpenAiShared;
import dev.quotary.provider.openai.SplicedRequest;
import dev.quotary.provider.openai.Tiers;
import dev.quotary.provider.openai.UsageDocument;
import dev.quotary.provider.openai.UsageEvents;
import dev.quotary.provider.text.TextTally;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * OpenAI's transcriptions, and translations, which are the same but for what their answers tell. Immutable.
 *
 * @param translates whether answers come in English whatever is spoken
 */
public record OpenAiTranscriptions(OpenAiShared shared, boolean translates) implements OpenAiFormat {
    private static final Set<String> LAST = Set.of("transcript.text.done");

    @Override
    public String id() {
        return shared.dialect().id(translates ? "translations" : "transcriptions");
    }

    @Override
    public RequestReading readRequest(RequestHead head, byte[] body) {
        return TranscriptionRequestReader.read(new SplicedRequest.Body(head, body), this, translates);
    }

    @Override
    public AnswerFacts readAnswer(byte[] body) {
        var answer = UsageDocument.read(shared.json(), body, 0, body.length);
        return new AnswerFacts(
                TranscriptionUsage.read(answer), Tiers.served(answer.model(), Optional.empty()), List.of());
    }

    @Override
    public OutputText readText(byte[] body) {
        var tally = new TextTally();
        UsageDocument.read(shared.json(), body, 0, body.length).text(tally);
        return tally.text();
    }

    @Override
    public StreamRelay relay(RequestFacts facts) {
        return new EventRelay(new UsageEvents(shared, LAST, TranscriptionUsage::read), EventRelay.EVENT_BYTES_MAX);
    }

    @Override
    public UsageEstimator estimator(byte[] body, RequestFacts facts) {
        return output -> estimate(facts, output);
    }

    private UsageEstimate estimate(RequestFacts facts, OutputText output) {
        long seconds = AudioLength.secondsLikely(facts.feesMax().audioSeconds());
        var encoding = shared.estimating().tokenizers().of(facts.model());
        boolean bySeconds = facts.input().tokensMax() == 0;
        var tokens = bySeconds
                ? TokenUsage.NONE.with(Component.AUDIO_SECONDS, seconds)
                : TokenUsage.builder()
                        .set(Component.INPUT_AUDIO, AudioLength.tokensMax(seconds))
                        .set(Component.OUTPUT, shared.estimating().written(output, encoding))
                        .build();
        return new UsageEstimate(tokens, encoding.getName(), true);
    }
}
