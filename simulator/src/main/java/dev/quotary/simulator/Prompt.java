package dev.quotary.simulator;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The text of a request's messages, in their order; a message without text counts as an empty one. */
record Prompt(List<String> messages) {
    private static final String OPENING = "[simulate";
    private static final int BYTES_PER_TOKEN = 4;
    private static final int TOKENS_PER_MESSAGE = 3;
    private static final int TOKENS_PER_ANSWER = 3;

    Prompt {
        messages = List.copyOf(messages);
    }

    /** As good as an estimate without a tokenizer can be: a token per four bytes, and the marks around messages and answer. */
    int estimatedTokens() {
        int bytes = messages.stream()
                .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        return Math.ceilDiv(bytes, BYTES_PER_TOKEN) + TOKENS_PER_MESSAGE * messages.size() + TOKENS_PER_ANSWER;
    }

    /** The same for the same messages, whatever the run or the machine. */
    int seed() {
        return messages.hashCode();
    }

    /**
     * The words of the last directive, if there is one.
     *
     * @throws InvalidRequestException if it has no end
     */
    Optional<String> directive() {
        return messages.reversed().stream()
                .map(Prompt::directive)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> directive(String text) {
        int start = text.lastIndexOf(OPENING);
        while (start >= 0 && !opens(text, start)) {
            start = text.lastIndexOf(OPENING, start - 1);
        }
        if (start < 0) {
            return Optional.empty();
        }
        int end = text.indexOf(']', start);
        if (end < 0) {
            throw DirectiveWords.bad("simulate", "expected a ']' at its end");
        }
        return Optional.of(text.substring(start + OPENING.length(), end));
    }

    /** Other words begin like the opening too: "[simulated]" is no directive. */
    private static boolean opens(String text, int start) {
        int next = start + OPENING.length();
        return next == text.length() || text.charAt(next) == ']' || Character.isWhitespace(text.charAt(next));
    }
}
