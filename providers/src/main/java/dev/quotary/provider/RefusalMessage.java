package dev.quotary.provider;

import java.util.Optional;

/**
 * A refusal in words.
 *
 * @param text a sentence for the client: limit, used, allowed, when it resets
 * @param param the member of the request that is wrong, if it is one
 * @param code a code in place of the kind's own, where the client should tell them apart
 */
public record RefusalMessage(Refusal kind, String text, Optional<String> param, Optional<String> code) {
    public static RefusalMessage of(Refusal kind, String text) {
        return new RefusalMessage(kind, text, Optional.empty(), Optional.empty());
    }

    /** A rejected request in words. */
    public static RefusalMessage of(RequestReading.Rejected rejected) {
        return new RefusalMessage(Refusal.INVALID_REQUEST, rejected.message(), rejected.param(), Optional.empty());
    }
}
