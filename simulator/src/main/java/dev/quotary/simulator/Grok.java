package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What xAI's models report differently, told by their name: reasoning comes on top of the completion, the cost is named, and
 * errors are a code and a sentence.
 */
final class Grok {
    private static final Style STYLE = new XaiStyle();

    private Grok() {}

    /** Gives the answer to a call of this model its provider's style. */
    static void dress(Exchange exchange, String model) {
        if (serves(model)) {
            exchange.as(STYLE);
        }
    }

    static boolean serves(String model) {
        return model.toLowerCase(Locale.ROOT).startsWith("grok");
    }

    /** Turns the usage of a chat into xAI's. */
    static void adapt(ObjectNode usage, Tokens tokens, OptionalInt ticks) {
        usage.put("completion_tokens", tokens.completion() - tokens.reasoningTotal());
        usage.put("num_sources_used", 0);
        ticks.ifPresent(told -> usage.put("cost_in_usd_ticks", told));
    }
}
