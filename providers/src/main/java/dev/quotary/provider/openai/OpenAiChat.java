package dev.quotary.provider.openai;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.text.TextTally;
import dev.quotary.provider.text.Tokenizers;
import java.util.Optional;

/** OpenAI's chat completions. Immutable; one for each dialect serves all calls. */
public record OpenAiChat(OpenAiShared shared) implements OpenAiFormat {
    /** @param tokenizers shared by all dialects, since each vocabulary takes tens of megabytes */
    public OpenAiChat(ChatDialect dialect, Tokenizers tokenizers) {
        this(OpenAiShared.of(dialect, tokenizers));
    }

    @Override
    public String id() {
        return shared.dialect().id("chat");
    }

    @Override
    public RequestReading readRequest(RequestHead head, byte[] body) {
        return ChatRequestReader.read(new SplicedRequest.Body(head, body), this);
    }

    @Override
    public AnswerFacts readAnswer(byte[] body) {
        return AnswerReader.read(shared.json(), body, 0, body.length).facts();
    }

    @Override
    public OutputText readText(byte[] body) {
        var tally = new TextTally();
        new ChunkScan(tally).scan(body, 0, body.length);
        return tally.text();
    }

    /** Usage that we ask for in the client's place is taken out again; what the server sends unasked stays. */
    @Override
    public StreamRelay relay(RequestFacts facts) {
        var asked = shared.dialect().streamUsage();
        boolean usage = facts.streaming() == Streaming.ON && asked != StreamUsage.UNASKED;
        boolean totals = facts.streaming() != Streaming.ON_WITH_RUNNING_USAGE && asked == StreamUsage.CONTINUOUS;
        var drops = new ChatStreamRelay.Drops(usage, totals);
        return new ChatStreamRelay(shared, drops, facts.output().choices(), ChatStreamRelay.EVENT_BYTES_MAX);
    }

    @Override
    public Optional<InputBound> countedInput(byte[] body, RequestFacts facts) {
        return shared.estimating().countedChat(body, facts);
    }

    @Override
    public UsageEstimator estimator(byte[] body, RequestFacts facts) {
        return shared.estimating().chat(body, facts);
    }
}
