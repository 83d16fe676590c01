package dev.quotary.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Chance, and the record of what it brought: random choices of the present step, the moment at which the process dies, and the trace.
 *
 * <p>Everything that reaches outside the process is an effect. Which of the coming effects is the last is decided beforehand, so that
 * the process may die between any two of them.
 */
final class Fate {
    private static final RandomGeneratorFactory<RandomGenerator> RANDOM = RandomGeneratorFactory.of("L64X128MixRandom");

    private final List<String> trace = new ArrayList<>();
    private RandomGenerator random = RANDOM.create(0);
    /** Effects until the process dies; 0 if it will not. */
    private int effectsLeft;

    /** Begins a step, whose choices depend on its own seed alone. */
    void begin(long seed) {
        random = RANDOM.create(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Lets the process die with one of the coming effects. */
    void doom(int effects) {
        effectsLeft = effects;
        say("doom: dies with effect " + effects + " from here");
    }

    boolean doomed() {
        return effectsLeft > 0;
    }

    void spare() {
        effectsLeft = 0;
    }

    /** Whether the process dies with this effect; the caller does what is done halfway, then throws a {@link Crash}. */
    boolean strikes(String effect) {
        if (effectsLeft == 0 || --effectsLeft > 0) {
            return false;
        }
        say("  DIES: " + effect);
        return true;
    }

    /** An effect before or after which the process may die. */
    void effect(String effect) {
        if (strikes(effect)) {
            throw new Crash(effect);
        }
    }

    void say(String line) {
        trace.add(line);
    }

    List<String> trace() {
        return trace;
    }
}
