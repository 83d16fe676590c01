package dev.quotary.gateway;

import dev.quotary.ledger.Outcome;
import dev.quotary.provider.ProviderError;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a call ended whose provider answered 200. */
final class Endings {
    private Endings() {}

    /** @param clientGone whether the client went away before the end */
    static Outcome of(Optional<ProviderError> error, boolean clientGone) {
        if (error.isPresent() && !error.get().equals(ProviderError.CANCELLED)) {
            return Outcome.ERROR;
        }
        return error.isPresent() || clientGone ? Outcome.CANCELLED : Outcome.SUCCESS;
    }

    static @Nullable String errorType(Optional<ProviderError> error) {
        return error.flatMap(each -> each.type().or(each::code)).orElse(null);
    }
}
