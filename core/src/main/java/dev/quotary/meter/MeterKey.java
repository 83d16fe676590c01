package dev.quotary.meter;

import java.util.regex.Pattern;

/** Name of a meter, such as {@code tokens.output} or {@code kb_file}: lower case, dots between words, at most 64 characters. */
public record MeterKey(String value) implements Comparable<MeterKey> {
    // Above the constants below, whose constructor needs it.
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]{0,63}(\\.[a-z][a-z0-9_]*)*");
    private static final int LENGTH_MAX = 64;

    public static final MeterKey REQUESTS = new MeterKey("requests");
    /** Input and output together. */
    public static final MeterKey TOKENS = new MeterKey("tokens");

    public static final MeterKey TOKENS_INPUT = new MeterKey("tokens.input");
    public static final MeterKey TOKENS_OUTPUT = new MeterKey("tokens.output");
    /** Money; its unit is the picodollar. */
    public static final MeterKey COST = new MeterKey("cost");

    public MeterKey {
        if (value.length() > LENGTH_MAX || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("expected a meter key such as tokens.input, was '" + value + "'");
        }
    }

    /** Whether every installation has this meter without declaring it. */
    public boolean builtIn() {
        return switch (value) {
            case "requests", "tokens", "tokens.input", "tokens.output", "cost" -> true;
            default -> false;
        };
    }

    @Override
    public int compareTo(MeterKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
