package dev.quotary.simulator;

import dev.quotary.simulator.ChatRequest.Bounds;

/**
 * What an answer counts, as OpenAI reports it: parts are inside their whole.
 *
 * @param prompt the whole input, both caches included
 * @param visible of each choice, the tokens that its text is made of
 * @param reasoning of each choice, the tokens that are billed and not shown
 * @param cutShort whether the caller's maximum ended the answer
 */
record Tokens(Input prompt, int visible, int reasoning, int choices, boolean cutShort) {
    /**
     * The whole input and its parts.
     *
     * @param cacheWrite zero at models that do not report it
     * @param cacheWrite1h written to live longer, at providers that tell it apart
     */
    record Input(int tokens, int cached, int cacheWrite, int cacheWrite1h) {}

    /**
     * @param sentenceTokens how long an answer is if neither caller nor directive say
     * @throws InvalidRequestException if the directive's counts do not fit each other or the request
     */
    static Tokens of(Prompt prompt, Bounds bounds, Directive directive, int sentenceTokens) {
        var counts = directive.counts();
        int reasoning = counts.reasoning().orElse(0);
        int wanted = counts.output().orElse(sentenceTokens + reasoning);
        if (reasoning > wanted) {
            throw DirectiveWords.bad(
                    "reasoning", "expected at most the " + wanted + " tokens of the output, was " + reasoning);
        }
        int granted = Math.min(wanted, bounds.tokensMax().orElse(wanted));
        int choices = bounds.choices();
        if ((long) granted * choices > Directive.ANSWER_TOKENS_MAX) {
            throw DirectiveWords.bad(
                    "output", "expected at most " + Directive.ANSWER_TOKENS_MAX + " tokens over all choices");
        }
        // A model thinks first: a maximum takes the text away before it takes the reasoning.
        int thought = Math.min(reasoning, granted);
        return new Tokens(input(prompt, directive), granted - thought, thought, choices, granted < wanted);
    }

    private static Input input(Prompt prompt, Directive directive) {
        var counts = directive.counts();
        var input = new Input(
                counts.input().orElseGet(prompt::estimatedTokens),
                counts.cached().orElse(0),
                counts.cacheWrite().orElse(0),
                directive.extras().longLived().orElse(0));
        if ((long) input.cached() + input.cacheWrite() + input.cacheWrite1h() > input.tokens()) {
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
