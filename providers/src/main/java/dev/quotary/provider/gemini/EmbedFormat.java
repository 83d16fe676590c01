package dev.quotary.provider.gemini;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.WireFormat;
import java.util.Optional;

/** Embeddings, of one content or of several. Where the answer tells no usage, the call is settled by a marked estimate. */
record EmbedFormat(String id, GeminiContext context) implements WireFormat {
    @Override
    public RequestReading readRequest(RequestHead head, byte[] body) {
        var reading = CallHead.of(head, false);
        return reading.head().isEmpty()
                ? reading.rejected()
                : EmbedRequestReader.read(reading.head().get(), body, context);
    }

    @Override
    public AnswerFacts readAnswer(byte[] body) {
        return EmbedAnswerReader.read(context.json(), body);
    }

    @Override
    public OutputText readText(byte[] body) {
        return OutputText.NONE;
    }

    @Override
    public Optional<ProviderError> readError(byte[] body) {
        return ErrorReader.read(context.json(), body);
    }

    @Override
    public ErrorShape errors() {
        return context.errors();
    }
}
