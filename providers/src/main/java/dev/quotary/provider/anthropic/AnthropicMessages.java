package dev.quotary.provider.anthropic;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.WireFormat;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.Tokenizers;
import java.time.InstantSource;
import java.util.Optional;

/** Anthropic's messages. Immutable; one serves all calls. */
public final class AnthropicMessages implements WireFormat {
    private final Json json = new Json();
    private final AnthropicErrors errors;
    private final MessagesContext context;

    /**
     * @param tokenizers shared by all formats, since each vocabulary takes tens of megabytes
     * @param clock tells when a refused caller may come back
     */
    public AnthropicMessages(Tokenizers tokenizers, InstantSource clock) {
        this.errors = new AnthropicErrors(json, clock);
        this.context = new MessagesContext(json, new MessagesEstimating(json, tokenizers), errors);
    }

    @Override
    public String id() {
        return "anthropic.messages";
    }

    @Override
    public RequestReading readRequest(RequestHead head, byte[] body) {
        return MessagesRequestReader.read(head, body, context);
    }

    @Override
    public AnswerFacts readAnswer(byte[] body) {
        return MessageReader.answer(json, body);
    }

    /** As {@link #readAnswer}, also out of one line of a batch's results; empty if it is neither. */
    Optional<AnswerFacts> readReported(byte[] body) {
        return MessageReader.reported(json, body);
    }

    @Override
    public OutputText readText(byte[] body) {
        return AnswerText.read(json, body);
    }

    @Override
    public Optional<ProviderError> readError(byte[] body) {
        return ErrorReader.read(json, body, 0, body.length);
    }

    @Override
    public ErrorShape errors() {
        return errors;
    }
}
