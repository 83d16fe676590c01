package dev.quotary.limit;

import dev.quotary.call.Call;
import dev.quotary.call.SubjectKey;
import dev.quotary.call.Visitor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * For whom a limit counts: everybody of the organization together, each subject, key, session or workflow alone, or all anonymous visitors
 * of a network together.
 */
public enum Scope {
    ORGANIZATION,
    SUBJECT,
    KEY,
    SESSION,
    WORKFLOW,
    NETWORK;

    /** Kept: it is asked for with every answer. */
    private final String key = name().toLowerCase(Locale.ROOT);

    public String key() {
        return key;
    }

    /** @throws IllegalArgumentException if {@code key} is not one of the keys */
    public static Scope parse(String key) {
        for (var scope : values()) {
            if (scope.key.equals(key)) {
                return scope;
            }
        }
        throw new IllegalArgumentException(
                "expected one of organization, subject, key, session, workflow, network, was '" + key + "'");
    }

    /** Whose counter this call moves; null where the call has no such scope, and limits per this scope do not apply to it. */
    public @Nullable String valueOf(Call call) {
        return switch (this) {
            case ORGANIZATION -> call.organization().value();
            case SUBJECT -> call.subject() == null ? null : call.subject().value();
            case KEY -> call.key() == null ? null : call.key().value();
            case SESSION -> call.dimensions().session();
            case WORKFLOW -> call.dimensions().workflow();
            case NETWORK -> network(call.subject());
        };
    }

    private static @Nullable String network(@Nullable SubjectKey subject) {
        return subject == null
                ? null
                : Visitor.of(subject).map(Visitor::network).orElse(null);
    }
}
