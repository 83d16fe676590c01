package dev.quotary.analytics;

import dev.quotary.call.Dimensions;
import java.util.Locale;

/** What use can be broken down and filtered by. */
public sealed interface Dimension {
    /** The name in queries and JSON. */
    String key();

    /** A dimension that every event may have. */
    enum BuiltIn implements Dimension {
        SUBJECT,
        PROVIDER,
        MODEL,
        FEATURE,
        SESSION,
        WORKFLOW,
        API_KEY,
        /** How calls ended: {@link dev.quotary.ledger.Outcome#key}. */
        OUTCOME;

        private final String key = name().toLowerCase(Locale.ROOT);

        @Override
        public String key() {
            return key;
        }

        /** Whether the rollups are kept by it, so that it costs no look at single events. */
        public boolean rolledUp() {
            return switch (this) {
                case SUBJECT, PROVIDER, MODEL, FEATURE -> true;
                case SESSION, WORKFLOW, API_KEY, OUTCOME -> false;
            };
        }
    }

    /** A dimension that the events of an installation carry, by its name. */
    record Declared(String key) implements Dimension {
        public Declared {
            if (key.isEmpty() || key.length() > Dimensions.LENGTH_MAX) {
                throw new IllegalArgumentException(
                        "expected a dimension of 1.." + Dimensions.LENGTH_MAX + " characters, was " + key.length());
            }
        }
    }

    /** The dimension of a name: a built-in one where there is one of that name. */
    static Dimension ofKey(String key) {
        for (var builtIn : BuiltIn.values()) {
            if (builtIn.key.equals(key)) {
                return builtIn;
            }
        }
        return new Declared(key);
    }
}
