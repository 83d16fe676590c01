package dev.quotary.simulator;

import dev.quotary.simulator.Stamps.Stamp;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Everything that an answer says, plain or streamed. */
record Answer(Identity identity, String model, String tier, Text text, Usage usage) {
    /** What differs between two answers to the same request. */
    record Identity(String id, long createdSeconds) {}

    /**
     * The words of all choices.
     *
     * @param choices each begins with another sentence
     * @param tokens how many of its words each choice says
     */
    record Text(List<Prose> choices, int tokens, String finishReason) {
        static Text of(int seed, Tokens tokens) {
            return new Text(
                    IntStream.range(0, tokens.choices())
                            .mapToObj(choice -> new Prose(seed + choice))
                            .toList(),
                    tokens.visible(),
                    tokens.cutShort() ? "length" : "stop");
        }
    }

    /**
     * @param ticks what the provider says that it charged, if it says so
     * @param reported false for a server that tells no usage at all, even if asked */
    record Usage(Tokens tokens, boolean reported, OptionalInt ticks) {}

    /** @throws InvalidRequestException if the directive does not fit the request */
    static Answer to(ChatRequest request, Directive directive, Stamp stamp, Instant now) {
        int seed = request.prompt().seed();
        var tokens = Tokens.of(request.prompt(), request.bounds(), directive, new Prose(seed).sentenceTokens());
        return new Answer(
                new Identity(stamp.completionId(), now.getEpochSecond()),
                directive.served().model().orElse(request.model()),
                directive.served().tier().orElse(request.tier()),
                Text.of(seed, tokens),
                new Usage(tokens, directive.served().usage(), directive.extras().ticks()));
    }
}
