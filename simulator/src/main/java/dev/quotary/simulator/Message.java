package dev.quotary.simulator;

import dev.quotary.simulator.Stamps.Stamp;
import java.util.Optional;

/** Everything that one of Anthropic's messages says, plain or streamed. */
record Message(String id, String model, Prose prose, Tokens tokens, Usage usage) {
    /**
     * What is reported beside the tokens.
     *
     * @param reported false for a server that tells no usage at all
     */
    record Usage(String tier, Optional<String> speed, String region, int searches, boolean reported) {}

    /** @throws InvalidRequestException if the directive does not fit the request */
    static Message to(MessageRequest request, Directive directive, Stamp stamp) {
        var prose = new Prose(request.prompt().seed());
        var served = directive.served();
        var more = directive.more();
        return new Message(
                stamp.messageId(),
                served.model().orElse(request.model()),
                prose,
                Tokens.of(request.prompt(), request.bounds(), directive, prose.sentenceTokens()),
                new Usage(
                        served.tier().orElse(request.tier()),
                        more.speed(),
                        more.region().orElse("global"),
                        directive.extras().searches(),
                        served.usage()));
    }

    String stopReason() {
        return tokens.cutShort() ? "max_tokens" : "end_turn";
    }
}
