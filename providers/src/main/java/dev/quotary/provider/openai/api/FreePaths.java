package dev.quotary.provider.openai.api;

/** Paths of the API whose calls cost nothing, or nothing more. */
final class FreePaths {
    private static final String MODELS = "/v1/models";

    private FreePaths() {}

    enum Kind {
        /** Asked with GET. */
        QUESTION,
        /** Computed from a body that is sent with POST. */
        CALCULATION,
        NONE
    }

    static Kind of(String path) {
        if (path.equals(MODELS) || path.startsWith(MODELS + "/")) {
            return Kind.QUESTION;
        }
        if (path.equals("/v1/moderations") || path.equals("/v1/responses/input_tokens")) {
            return Kind.CALCULATION;
        }
        return Kind.NONE;
    }
}
