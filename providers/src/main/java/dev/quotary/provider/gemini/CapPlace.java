package dev.quotary.provider.gemini;

import dev.quotary.provider.json.Edit;

/** Where a cap on the output would go into a request: in the place of the bytes from {@code from} to before {@code to}. */
record CapPlace(int from, int to, String before, String after) {
    static final String NAME = "\"maxOutputTokens\":";

    Edit edit(long outputTokensMax) {
        return new Edit(from, to, before + outputTokensMax + after);
    }
}
