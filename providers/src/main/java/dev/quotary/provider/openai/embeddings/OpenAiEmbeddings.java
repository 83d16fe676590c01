package dev.quotary.provider.openai.embeddings;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.openai.OpenAiChat;
import dev.quotary.provider.openai.OpenAiFormat;
import dev.quotary.provider.openai.OpenAiShared;
import dev.quotary.provider.openai.SplicedRequest;
import java.util.Optional;
import java.util.Set;

/** OpenAI's embeddings. Their usage has the form of that of chats. Immutable. */
public record OpenAiEmbeddings(OpenAiChat chat) implements OpenAiFormat {
    private static final Set<String> TEXTS = Set.of("input");

    @Override
    public OpenAiShared shared() {
        return chat.shared();
    }

    @Override
    public String id() {
        return shared().dialect().id("embeddings");
    }

    @Override
    public RequestReading readRequest(RequestHead head, byte[] body) {
        return EmbeddingRequestReader.read(new SplicedRequest.Body(head, body), this);
    }

    @Override
    public AnswerFacts readAnswer(byte[] body) {
        return chat.readAnswer(body);
    }

    @Override
    public OutputText readText(byte[] body) {
        return OutputText.NONE;
    }

    /** Never asked for, as these answers are no streams. */
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
