package dev.quotary.provider.openai;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.WireFormat;
import dev.quotary.provider.json.Json;
import java.util.Optional;

/** OpenAI's chat completions. Immutable; one for each dialect serves all calls. */
public final class OpenAiChat implements WireFormat {
    private final Json json = new Json();
    private final ErrorShape errors = new OpenAiErrors(json);
    private final ChatDialect dialect;
    private final ChatEstimating estimating;

    /** @param tokenizers shared by all dialects, since each vocabulary takes tens of megabytes */
    public OpenAiChat(ChatDialect dialect, Tokenizers tokenizers) {
        this.dialect = dialect;
        this.estimating = new ChatEstimating(json, tokenizers, dialect);
    }

    @Override
    public String id() {
        return dialect.id();
    }

    @Override
    public RequestReading readRequest(String target, byte[] body) {
        return ChatRequestReader.read(body, json, dialect, estimating);
    }

    @Override
    public AnswerFacts readAnswer(byte[] body) {
        return AnswerReader.read(json, body, 0, body.length).facts();
    }

    @Override
    public OutputText readText(byte[] body) {
        var tally = new TextTally();
        new ChunkScan(tally).scan(body, 0, body.length);
        return tally.text();
    }

    @Override
    public Optional<ProviderError> readError(byte[] body) {
        return ErrorReader.read(json, body, 0, body.length);
    }

    /** Usage that we asked for in the client's place is taken out again; what the server sends unasked stays. */
    @Override
    public StreamRelay relay(RequestFacts request) {
        boolean weAsked = request.streaming() == Streaming.ON && dialect.asksForUsage();
        return new ChatStreamRelay(json, weAsked, ChatStreamRelay.EVENT_BYTES_MAX);
    }

    @Override
    public ErrorShape errors() {
        return errors;
    }
}
