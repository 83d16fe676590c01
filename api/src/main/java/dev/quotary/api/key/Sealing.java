package dev.quotary.api.key;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** Seals what lies in the store, under a key that the operator keeps apart from it. */
public interface Sealing {
    /** Where the operator has given no such key. */
    Sealing NONE = new Sealing() {
        @Override
        public Optional<Sealed> seal(Secret secret, String of, RandomGenerator random) {
            return Optional.empty();
        }

        @Override
        public boolean upToDate(Sealed sealed) {
            return true;
        }

        @Override
        public Secret open(Sealed sealed, String of) {
            throw new IllegalStateException("nothing is sealed without a master key");
        }
    };

    /**
     * A sealed text.
     *
     * @param master tells the key that it is sealed under from others
     */
    record Sealed(String master, String text) {}

    /**
     * @param of what it is bound to: it cannot be opened as anything else
     * @return empty where there is no key to seal under
     */
    Optional<Sealed> seal(Secret secret, String of, RandomGenerator random);

    /** Whether it would be sealed under the same key again. */
    boolean upToDate(Sealed sealed);

    /**
     * @throws dev.quotary.http.InvalidInputException if it was sealed under a key that is not there, or as something else, or is damaged; its
     *     message says which key is wanted
     */
    Secret open(Sealed sealed, String of);
}
