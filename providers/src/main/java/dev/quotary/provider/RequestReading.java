package dev.quotary.provider;

import java.util.Optional;

/** What came of reading a request's body. */
public sealed interface RequestReading {
    /** The request can be metered. */
    record Parsed(ProviderRequest request) implements RequestReading {}

    /**
     * The request must not be forwarded, because what it would cost could not be bounded or measured.
     *
     * @param message a sentence for the client
     * @param param the member that is wrong, if it is one
     */
    record Rejected(String message, Optional<String> param) implements RequestReading {
        public static Rejected of(String message) {
            return new Rejected(message, Optional.empty());
        }

        public static Rejected of(String message, String param) {
            return new Rejected(message, Optional.of(param));
        }
    }
}
