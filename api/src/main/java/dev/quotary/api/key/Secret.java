package dev.quotary.api.key;

/**
 * The secret of an API key. Shown to whoever made the key, once.
 *
 * @param text what the holder sends
 */
public record Secret(String text) {
    /** Never the text: it must not reach a log. */
    @Override
    public String toString() {
        return "***";
    }
}
