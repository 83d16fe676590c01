package dev.quotary.simulator;

import dev.quotary.simulator.Stamps.Stamp;
import java.util.List;
import java.util.stream.IntStream;

/** Everything that one of Gemini's answers says, plain or streamed. */
record GeminiAnswer(String id, String model, List<Prose> candidates, Tokens tokens, Usage usage) {
    /**
     * What is reported beside the tokens of prompt and answer.
     *
     * @param toolInput tokens that tools added to the prompt
     * @param audio how many of the prompt's tokens are audio
     * @param blocked whether the prompt was refused
     * @param reported false for an answer that tells no usage at all
     */
    record Usage(String tier, int searches, int toolInput, int audio, boolean blocked, boolean reported) {}

    /** @throws InvalidRequestException if the directive does not fit the request */
    static GeminiAnswer to(GeminiRequest request, Directive directive, Stamp stamp) {
        int seed = request.prompt().seed();
        var tokens = Tokens.of(request.prompt(), request.bounds(), directive, new Prose(seed).sentenceTokens());
        var media = directive.media();
        int uncached = tokens.prompt().tokens() - tokens.prompt().cached();
        if (media.audio() > uncached) {
            throw DirectiveWords.bad("audio", "expected at most the " + uncached + " tokens that were not cached");
        }
        return new GeminiAnswer(
                stamp.answerId(),
                directive.served().model().orElse(request.model()),
                IntStream.range(0, tokens.choices())
                        .mapToObj(candidate -> new Prose(seed + candidate))
                        .toList(),
                tokens,
                new Usage(
                        directive.served().tier().orElse(request.tier()),
                        directive.extras().searches(),
                        media.toolInput(),
                        media.audio(),
                        media.blocked(),
                        directive.served().usage()));
    }

    String finishReason() {
        return tokens.cutShort() ? "MAX_TOKENS" : "STOP";
    }
}
