package dev.quotary.provider.openai;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.WireFormat;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.TextTally;
import dev.quotary.provider.text.Tokenizers;
import java.util.Optional;

/** OpenAI's chat completions. Immutable; one for each dialect serves all calls. */
public final class OpenAiChat implements WireFormat {
    private final Json json = new Json();
    private final OpenAiErrors errors = new OpenAiErrors(json);
    private final ChatDialect dialect;
    private final ChatContext context;

    /** @param tokenizers shared by all dialects, since each vocabulary takes tens of megabytes */
    public OpenAiChat(ChatDialect dialect, Tokenizers tokenizers) {
        this.dialect = dialect;
        this.context = new ChatContext(json, dialect, new ChatEstimating(json, tokenizers, dialect), errors);
    }

    @Override
    public String id() {
        return dialect.id();
    }

    @Override
    public RequestReading readRequest(RequestHead head, byte[] body) {
        return ChatRequestReader.read(head, body, context);
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

    @Override
    public ErrorShape errors() {
        return errors;
    }
}
