package dev.quotary.call;

/** Names an API key without being its secret, such as {@code key_3f2a…}. */
public record KeyId(String value) {
    public KeyId {
        Keys.check("a key id", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
