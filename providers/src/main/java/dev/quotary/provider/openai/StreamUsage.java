package dev.quotary.provider.openai;

import java.util.Locale;

/** What streams of a server may be asked for in their {@code stream_options}. */
public enum StreamUsage {
    /** For {@code include_usage}: the usage at the end. */
    ASK,
    /** For {@code continuous_usage_stats} as well, as vLLM knows it: totals in every chunk, so that a stream that breaks off is metered too. */
    CONTINUOUS,
    /** For nothing: the server refuses {@code stream_options}, and sends usage unasked or never. */
    UNASKED;

    /**
     * Reads the name in configuration.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static StreamUsage of(String text) {
        for (var each : values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException("expected ask, continuous or unasked, was '" + text + "'");
    }
}
