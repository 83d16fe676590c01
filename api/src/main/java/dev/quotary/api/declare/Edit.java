package dev.quotary.api.declare;

import dev.quotary.http.Value;
import java.util.List;
import java.util.Optional;

/** Decides what becomes of one declared thing, while nobody else changes anything. */
@FunctionalInterface
public interface Edit {
    /** @param current empty if there is no such thing */
    Decision decide(Optional<Item> current);

    /** What is to become of it. */
    sealed interface Decision {
        /** It stays as it is. */
        record Keep() implements Decision {}

        /** It is made, or another takes its place. */
        record Put(Value value, Optional<Owner> owner) implements Decision {}

        /** It goes. */
        record Remove() implements Decision {}
    }

    /** What became of it. */
    record Edited(Optional<Item> before, Optional<Item> after, List<Warning> warnings) {
        public Edited {
            warnings = List.copyOf(warnings);
        }
    }
}
