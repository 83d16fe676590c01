package dev.quotary.catalog;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A line of the audit log: who changed what, and when.
 *
 * @param object what was changed
 * @param before as JSON, never with a secret; null where there was nothing
 * @param after as JSON, never with a secret; null where nothing is left
 */
public record AuditEntry(
        Instant at,
        Actor actor,
        CatalogStore.Name object,
        Action action,
        @Nullable String before,
        @Nullable String after) {
    /** What was done. */
    public enum Action {
        CREATED,
        CHANGED,
        DELETED,
        BLOCKED,
        UNBLOCKED,
        RESET,
        REPRICED,
        ROTATED,
        REVOKED;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The action that leads from one state to another. */
    public static Action action(@Nullable String before, @Nullable String after) {
        if (before == null) {
            return Action.CREATED;
        }
        return after == null ? Action.DELETED : Action.CHANGED;
    }
}
