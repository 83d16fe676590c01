package dev.quotary.provider;

/**
 * What a model wrote, kept only as far as an estimate needs it.
 *
 * @param kept the beginning of the text
 * @param keptBytes UTF-8 bytes of the text that {@code kept} stands for
 * @param bytes UTF-8 bytes of the whole text: no model wrote more tokens than this
 */
public record OutputText(String kept, long keptBytes, long bytes) {
    /** Nothing was written. */
    public static final OutputText NONE = new OutputText("", 0, 0);

    public OutputText {
        if (keptBytes < 0 || bytes < keptBytes) {
            throw new IllegalArgumentException("expected 0 <= kept <= all bytes, was " + keptBytes + ", " + bytes);
        }
    }

    /** Without the text, which must not reach a log. */
    @Override
    public String toString() {
        return "OutputText[bytes=" + bytes + "]";
    }
}
