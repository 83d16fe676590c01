package dev.quotary.limit;

/** Names a limit within its plan, such as {@code daily-tokens}. */
public record LimitKey(String value) {
    private static final int LENGTH_MAX = 64;

    public LimitKey {
        if (value.isBlank() || value.length() > LENGTH_MAX || !value.matches("[A-Za-z0-9][A-Za-z0-9._:-]*")) {
            throw new IllegalArgumentException(
                    "expected a limit key of letters, digits, '-', '_', '.' or ':', was '" + value + "'");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
