package dev.quotary.provider.openai.responses;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.InputBound;
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
import dev.quotary.provider.openai.responses.ResponseReader.Response;
import java.util.Optional;
import java.util.Set;

/**
 * OpenAI's responses. One for each dialect serves all calls; it remembers the sizes of the responses that it has read, and nothing else
 * of them.
 */
public final class OpenAiResponses implements OpenAiFormat {
    private static final Set<String> TEXTS = Set.of("input", "instructions", "tools", "text");

    private final OpenAiShared shared;
    private final KnownContexts contexts = new KnownContexts();

    public OpenAiResponses(OpenAiShared shared) {
        this.shared = shared;
    }

    @Override
    public OpenAiShared shared() {
        return shared;
    }

    @Override
    public String id() {
        return shared.dialect().id("responses");
    }

    @Override
    public RequestReading readRequest(RequestHead head, byte[] body) {
        return ResponseRequestReader.read(new SplicedRequest.Body(head, body), this);
    }

    /** The most that a request reads of an earlier response. */
    long contextOf(String id) {
        return contexts.find(id).orElse(KnownContexts.TOKENS_MAX);
    }

    void remember(Response response) {
        response.id().ifPresent(id -> response.context().ifPresent(tokens -> contexts.remember(id, tokens)));
    }

    @Override
    public AnswerFacts readAnswer(byte[] body) {
        var response = ResponseReader.read(shared.json(), body, 0, body.length);
        remember(response);
        return response.facts();
    }

    @Override
    public OutputText readText(byte[] body) {
        return ResponseText.read(shared.json(), body);
    }

    @Override
    public StreamRelay relay(RequestFacts facts) {
        return new EventRelay(new ResponseEvents(this), EventRelay.EVENT_BYTES_MAX);
    }

    @Override
    public Optional<InputBound> countedInput(byte[] body, RequestFacts facts) {
        return shared.estimating().countedTexts(body, facts, TEXTS);
    }

    @Override
    public UsageEstimator estimator(byte[] body, RequestFacts facts) {
        return shared.estimating().texts(body, facts, TEXTS);
    }
}
