package dev.quotary.api.live;

import dev.quotary.limit.Scope;
import dev.quotary.usage.LimitStatus;
import java.util.Set;

/** Which limits are about one subject alone: what others use, as limits of the organization or of a key tell it, is not for its browser. */
public final class OwnLimits {
    private static final Set<Scope> OWN = Set.of(Scope.SUBJECT, Scope.NETWORK);

    private OwnLimits() {}

    public static boolean has(LimitStatus status) {
        return OWN.contains(status.limit().counted().scope());
    }
}
