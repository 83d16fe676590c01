package dev.quotary.provider.openai.images;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.openai.EventRelay;
import dev.quotary.provider.openai.OpenAiFormat;
import dev.quotary.provider.openai.OpenAiShared;
import dev.quotary.provider.openai.SplicedRequest;
import dev.quotary.provider.openai.Tiers;
import dev.quotary.provider.openai.UsageDocument;
import dev.quotary.provider.openai.UsageEvents;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** OpenAI's images, made and edited. Immutable. */
public record OpenAiImages(OpenAiShared shared) implements OpenAiFormat {
    private static final Set<String> LAST = Set.of("image_generation.completed", "image_edit.completed");

    @Override
    public String id() {
        return shared.dialect().id("images");
    }

    @Override
    public RequestReading readRequest(RequestHead head, byte[] body) {
        var source = new SplicedRequest.Body(head, body);
        var type = head.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        return type.startsWith("multipart/") ? ImageFormReader.read(source, this) : ImageJsonReader.read(source, this);
    }

    @Override
    public AnswerFacts readAnswer(byte[] body) {
        var answer = UsageDocument.read(shared.json(), body, 0, body.length);
        return new AnswerFacts(ImageUsage.read(answer), Tiers.served(answer.model(), Optional.empty()), List.of());
    }

    @Override
    public OutputText readText(byte[] body) {
        return OutputText.NONE;
    }

    @Override
    public StreamRelay relay(RequestFacts facts) {
        return new EventRelay(new UsageEvents(shared, LAST, ImageUsage::read), EventRelay.EVENT_BYTES_MAX);
    }

    @Override
    public UsageEstimator estimator(byte[] body, RequestFacts facts) {
        return new ImageEstimator(facts);
    }
}
