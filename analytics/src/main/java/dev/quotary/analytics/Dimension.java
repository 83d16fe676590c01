package dev.quotary.analytics;

import dev.quotary.call.Dimensions;
import dev.quotary.ledger.UsageEvent;
import java.util.Locale;
import java.util.Objects;

/** What use can be broken down and filtered by. */
public sealed interface Dimension {
    /** The name in queries and JSON. */
    String key();

    /** The value that an event has; the empty text for none. */
    default String of(UsageEvent event) {
        var call = event.call();
        return switch (this) {
            case BuiltIn.SUBJECT -> call.subject() == null ? "" : call.subject().value();
            case BuiltIn.API_KEY -> call.key() == null ? "" : call.key().value();
            case BuiltIn.OUTCOME -> event.result().outcome().key();
            case BuiltIn _, Declared _ ->
                Objects.requireNonNullElse(call.dimensions().of(key()), "");
        };
    }

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
