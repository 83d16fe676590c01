package dev.quotary.usage;

import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Learns from every call how many tokens a model makes of a text, for estimates of calls to models whose vocabulary is not published.
 *
 * <p>Kept per model and size of the text, as counts of rounded ratios; older calls fade, so that a model that changed is known anew after
 * a few hundred calls. Estimates only: what is held for a call is a bound that does not depend on what others sent. Not durable: it is
 * learnt again after a start. Bounded; safe for many threads.
 */
public final class InputRatios {
    /** Models remembered; the next one empties the memory, since callers may invent names. */
    static final int MODELS_MAX = 1024;

    /** Calls of one kind before they are believed. */
    static final int CALLS_MIN = 20;

    /** Calls of one kind after which all counts are halved. */
    static final int CALLS_MAX = 1024;

    /** Below it a text says more about what frames it than about the vocabulary. */
    private static final long BYTES_MIN = 64;

    private static final long SMALL_BYTES_MAX = 4 * 1024;
    private static final long MIDDLE_BYTES_MAX = 64 * 1024;

    /** Ratios from 0 to 1 token a byte, in 200 steps. */
    private static final int STEPS = 200;

    private final ConcurrentHashMap<Kind, Counts> known = new ConcurrentHashMap<>();

    private record Kind(String provider, String model, int size) {
        static Kind of(String provider, String model, long bytes) {
            return new Kind(provider, model, bytes <= SMALL_BYTES_MAX ? 0 : bytes <= MIDDLE_BYTES_MAX ? 1 : 2);
        }
    }

    /**
     * Takes in what a provider counted.
     *
     * @param textBytes UTF-8 bytes of all text of the prompt
     * @param tokens tokens of the prompt that were text
     */
    public void learn(String provider, String model, long textBytes, long tokens) {
        if (textBytes < BYTES_MIN || tokens < 1 || tokens > textBytes) {
            return;
        }
        var kind = Kind.of(provider, model, textBytes);
        @Nullable Counts counts = known.get(kind);
        if (counts == null) {
            if (known.size() >= MODELS_MAX) {
                known.clear();
            }
            counts = known.computeIfAbsent(kind, _ -> new Counts());
        }
        counts.add((int) (tokens * STEPS / textBytes));
    }

    /**
     * The tokens that the model most likely makes of a text: half of the calls had fewer for as many bytes.
     *
     * @return empty while too few calls are known
     */
    public OptionalLong likely(String provider, String model, long textBytes) {
        @Nullable Counts counts = known.get(Kind.of(provider, model, textBytes));
        int step = counts == null ? -1 : counts.median();
        // The middle of the step.
        return step < 0 ? OptionalLong.empty() : OptionalLong.of(textBytes * (2L * step + 1) / (2L * STEPS));
    }

    int models() {
        return known.size();
    }

    private static final class Counts {
        private final int[] counts = new int[STEPS + 1];
        private int calls;

        synchronized void add(int step) {
            counts[step]++;
            calls++;
            if (calls == CALLS_MAX) {
                fade();
            }
        }

        private void fade() {
            calls = 0;
            for (int i = 0; i < counts.length; i++) {
                counts[i] /= 2;
                calls += counts[i];
            }
        }

        /** The step of the call in the middle; -1 while there are too few. */
        synchronized int median() {
            if (calls < CALLS_MIN) {
                return -1;
            }
            int step = 0;
            int before = counts[0];
            while (2 * before < calls) {
                step++;
                before += counts[step];
            }
            return step;
        }
    }
}
