package dev.quotary.simulator;

import java.util.List;

/**
 * An endless text of believable sentences, one token per word. Which sentence it begins with depends on the seed, so that
 * different prompts get different answers.
 */
final class Prose {
    private static final List<List<String>> SENTENCES = List.of(
            words("Small steps, taken every day, carry a project further than one great leap."),
            words("The answer depends on what you measure, so begin by measuring it well."),
            words("Keep the first version simple and let real use show what is missing."),
            words("A clear limit protects the budget without getting in the way of the work."),
            words("Write down what you expect, run it once, and compare the two."));
    private static final List<String> WORDS =
            SENTENCES.stream().flatMap(List::stream).toList();

    private final List<String> sentence;
    private final int start;

    Prose(int seed) {
        int index = Math.floorMod(seed, SENTENCES.size());
        sentence = SENTENCES.get(index);
        start = SENTENCES.subList(0, index).stream().mapToInt(List::size).sum();
    }

    private static List<String> words(String text) {
        return List.of(text.split(" ", -1));
    }

    /** How many tokens its first sentence has. */
    int sentenceTokens() {
        return sentence.size();
    }

    /** Every token but the first brings the space before it. */
    String token(int index) {
        var word = WORDS.get((start + index) % WORDS.size());
        return index == 0 ? word : " " + word;
    }

    String text(int tokens) {
        var text = new StringBuilder();
        for (int i = 0; i < tokens; i++) {
            text.append(token(i));
        }
        return text.toString();
    }
}
