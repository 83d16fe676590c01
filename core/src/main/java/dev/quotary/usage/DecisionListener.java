package dev.quotary.usage;

import dev.quotary.call.Call;

/** Told of decisions that are more than a plain yes. */
@FunctionalInterface
public interface DecisionListener {
    DecisionListener NONE = (_, _) -> {};

    /** A call was refused, slowed down, or let pass with warnings or unmetered. Must not block and must not throw. */
    void decided(Call call, Decision decision);
}
