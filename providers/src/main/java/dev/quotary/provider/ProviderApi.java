package dev.quotary.provider;

import java.util.Optional;

/**
 * The whole API of one kind of provider: which of its paths are metered, and how; and how a key is shown to it.
 *
 * <p>Implementations are immutable and may be shared by threads. No method throws because of what a client sent.
 */
public interface ProviderApi {
    /**
     * What a request is.
     *
     * @param method in capitals, such as {@code POST}
     * @param path without query, as the provider knows it, such as {@code /v1/chat/completions}; not decoded
     */
    Operation operation(String method, String path);

    /** How errors look to this provider's clients where {@link #operation} gives no format that would say so. */
    ErrorShape errors();

    /** The header that shows a key to the provider. */
    KeyHeader keyHeader(String key);

    /**
     * Reads usage, model and service tier out of a whole successful answer, whose format is told by its members.
     *
     * @return empty if it is no answer of this API
     */
    Optional<AnswerFacts> readAnswer(byte[] body);

    /**
     * @param name in lower case
     * @param value holds a secret, and must reach the provider alone
     */
    record KeyHeader(String name, String value) {
        /** {@code authorization: Bearer …}. */
        public static KeyHeader bearer(String key) {
            return new KeyHeader("authorization", "Bearer " + key);
        }

        /** Without the key, which must not reach a log. */
        @Override
        public String toString() {
            return "KeyHeader[name=" + name + "]";
        }
    }
}
