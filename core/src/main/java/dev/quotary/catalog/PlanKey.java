package dev.quotary.catalog;

/** Names a plan, such as {@code free}. */
public record PlanKey(String value) {
    private static final int LENGTH_MAX = 64;

    public PlanKey {
        if (value.length() > LENGTH_MAX || !value.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException(
                    "expected a plan key of letters, digits, '-', '_' or '.', was '" + value + "'");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
