package dev.quotary.price;

/**
 * The model, or the models, that something is declared for.
 *
 * @param provider the provider's name, such as {@code openai}; 1 to 256 characters
 * @param model the model's exact name, or the beginning of its name with a {@code *} behind it; 1 to 256 characters
 */
public record ModelPattern(String provider, String model) {
    static final int LENGTH_MAX = 256;

    public ModelPattern {
        check("a provider", provider);
        check("a model", model);
        int star = model.indexOf('*');
        if (provider.indexOf('*') >= 0 || (star >= 0 && star != model.length() - 1)) {
            throw new IllegalArgumentException(
                    "expected an exact provider, and a model with '*' at its end or not at all, was " + provider + "/"
                            + model);
        }
    }

    private static void check(String what, String name) {
        if (!printable(name, LENGTH_MAX)) {
            throw new IllegalArgumentException("expected " + what + " of 1.." + LENGTH_MAX + " printable characters");
        }
    }

    /** Whether a text has something to read, no control characters, and at most so many characters. */
    static boolean printable(String text, int lengthMax) {
        if (text.isBlank() || text.length() > lengthMax) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether it names one model only. */
    public boolean exact() {
        return !model.endsWith("*");
    }

    /** What the names of the matching models begin with; of an exact pattern, the whole name. */
    String prefix() {
        return exact() ? model : model.substring(0, model.length() - 1);
    }

    /** Such as {@code openai/gpt-4*}. */
    @Override
    public String toString() {
        return provider + "/" + model;
    }
}
