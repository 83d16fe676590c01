package dev.quotary.provider.openai;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageEstimator;
import java.util.Optional;
import java.util.Set;

/** OpenAI's legacy completions ({@code POST /v1/completions}), whose answers and streams are read as those of chats. Immutable. */
public record OpenAiCompletions(OpenAiChat chat) implements OpenAiFormat {
    private static final Set<String> TEXTS = Set.of("prompt", "suffix");

    @Override
    public OpenAiShared shared() {
        return chat.shared();
    }

    @Override
    public String id() {
        return shared().dialect().id("completions");
    }

    @Override
    public RequestReading readRequest(RequestHead head, byte[] body) {
        return CompletionRequestReader.read(new SplicedRequest.Body(head, body), this);
    }

    @Override
    public AnswerFacts readAnswer(byte[] body) {
        return chat.readAnswer(body);
    }

    @Override
    public OutputText readText(byte[] body) {
        return chat.readText(body);
    }

    @Override
    public StreamRelay relay(RequestFacts facts) {
        return chat.relay(facts);
    }

    @Override
    public Optional<InputBound> countedInput(byte[] body, RequestFacts facts) {
        return shared().estimating().countedTexts(body, facts, TEXTS);
    }

    @Override
    public UsageEstimator estimator(byte[] body, RequestFacts facts) {
        return shared().estimating().texts(body, facts, TEXTS);
    }
}
