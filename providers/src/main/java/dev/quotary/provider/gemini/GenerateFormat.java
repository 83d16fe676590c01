package dev.quotary.provider.gemini;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.WireFormat;
import java.util.Optional;

/** Content: as one answer, or as a stream in either form. */
final class GenerateFormat implements WireFormat {
    private final boolean stream;
    private final GeminiContext context;
    private final GeminiErrors arrayErrors;

    GenerateFormat(boolean stream, GeminiContext context) {
        this.stream = stream;
        this.context = context;
        this.arrayErrors = new GeminiErrors(context.json(), true);
    }

    @Override
    public String id() {
        return stream ? "gemini.streamGenerateContent" : "gemini.generateContent";
    }

    @Override
    public RequestReading readRequest(RequestHead head, byte[] body) {
        var reading = CallHead.of(head, stream);
        return reading.head().isEmpty()
                ? reading.rejected()
                : GenerateRequestReader.read(reading.head().get(), body, context);
    }

    @Override
    public AnswerFacts readAnswer(byte[] body) {
        var answer = new AnswerReading(context.json());
        return answer.read(body, 0, body.length)
                ? answer.facts()
                : answer.facts(new Broken("the answer is not one complete, valid JSON object"));
    }

    @Override
    public OutputText readText(byte[] body) {
        var answer = new AnswerReading(context.json());
        var _ = answer.read(body, 0, body.length);
        return answer.tally().text();
    }

    @Override
    public Optional<ProviderError> readError(byte[] body) {
        return ErrorReader.read(context.json(), body);
    }

    @Override
    public ErrorShape errors() {
        return context.errors();
    }

    /** A stream without events is one array, and so is an error in its place. */
    @Override
    public ErrorShape errors(String target) {
        return stream && !target.contains("alt=sse") ? arrayErrors : context.errors();
    }
}
