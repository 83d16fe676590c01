package dev.quotary.api.declare;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What applying a file did, or would do. */
public record Applied(boolean dryRun, List<Change> changes, List<Warning> warnings) {
    public Applied {
        changes = List.copyOf(changes);
        warnings = List.copyOf(warnings);
    }

    /**
     * One thing of the file.
     *
     * @param organization whose it is; empty for things of the whole server
     * @param before as JSON; null for a new thing
     * @param after as JSON; null for a thing that is deleted
     */
    public record Change(
            Kind kind,
            String organization,
            String key,
            @Nullable String before,
            @Nullable String after) {
        public Effect effect() {
            if (before == null) {
                return Effect.CREATED;
            }
            if (after == null) {
                return Effect.DELETED;
            }
            return before.equals(after) ? Effect.UNCHANGED : Effect.CHANGED;
        }
    }

    /** What becomes of one thing. */
    public enum Effect {
        CREATED,
        CHANGED,
        UNCHANGED,
        DELETED
    }

    public long count(Effect effect) {
        return changes.stream().filter(change -> change.effect() == effect).count();
    }
}
