package dev.quotary.simulator;

/**
 * What an answer counts, as OpenAI reports it: parts are inside their whole.
 *
 * @param prompt the whole input, both caches included
 * @param visible of each choice, the tokens that its text is made of
 * @param reasoning of each choice, the tokens that are billed and not shown
 * @param cutShort whether the caller's maximum ended the answer
 */
record Tokens(Input prompt, int visible, int reasoning, int choices, boolean cutShort) {
    /** @param cacheWrite zero at models that do not report it */
    record Input(int tokens, int cached, int cacheWrite) {}

    /**
     * @param sentenceTokens how long an answer is if neither caller nor directive say
     * @throws InvalidRequestException if the directive's counts do not fit each other or the request
     */
    static Tokens of(ChatRequest request, Directive.Counts counts, int sentenceTokens) {
        int reasoning = counts.reasoning().orElse(0);
        int wanted = counts.output().orElse(sentenceTokens + reasoning);
        if (reasoning > wanted) {
            throw DirectiveWords.bad(
                    "reasoning", "expected at most the " + wanted + " tokens of the output, was " + reasoning);
        }
        int granted = Math.min(wanted, request.bounds().tokensMax().orElse(wanted));
        int choices = request.bounds().choices();
        if ((long) granted * choices > Directive.ANSWER_TOKENS_MAX) {
            throw DirectiveWords.bad(
                    "output", "expected at most " + Directive.ANSWER_TOKENS_MAX + " tokens over all choices");
        }
        // A model thinks first: a maximum takes the text away before it takes the reasoning.
        int thought = Math.min(reasoning, granted);
        return new Tokens(input(request, counts), granted - thought, thought, choices, granted < wanted);
    }

    private static Input input(ChatRequest request, Directive.Counts counts) {
        var input = new Input(
                counts.input().orElseGet(request.prompt()::estimatedTokens),
                counts.cached().orElse(0),
                counts.cacheWrite().orElse(0));
        if (input.cached() + input.cacheWrite() > input.tokens()) {
            throw DirectiveWords.bad(
                    "cached",
                    "expected cached and cache_write to be at most the " + input.tokens() + " tokens of the input");
        }
        return input;
    }

    int completion() {
        return (visible + reasoning) * choices;
    }

    int reasoningTotal() {
        return reasoning * choices;
    }

    int total() {
        return prompt.tokens() + completion();
    }
}
