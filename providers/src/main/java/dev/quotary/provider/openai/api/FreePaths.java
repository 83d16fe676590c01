package dev.quotary.provider.openai.api;

/** Paths of the API whose calls cost nothing, or nothing more. */
final class FreePaths {
    private static final String MODELS = "/v1/models";
    private static final String RESPONSES = "/v1/responses/";

    private FreePaths() {}

    enum Kind {
        /** Asked with GET. */
        QUESTION,
        /** Computed from a body that is sent with POST. */
        CALCULATION,
        /**
         * A response that the provider keeps. To read it again is free, and it was metered when it was made: what is made in the background
         * is refused.
         */
        STORED,
        NONE
    }

    static Kind of(String path) {
        if (path.equals(MODELS) || path.startsWith(MODELS + "/")) {
            return Kind.QUESTION;
        }
        if (path.equals("/v1/moderations") || path.equals("/v1/responses/input_tokens")) {
            return Kind.CALCULATION;
        }
        return path.startsWith(RESPONSES) ? stored(path.substring(RESPONSES.length())) : Kind.NONE;
    }

    private static Kind stored(String rest) {
        int slash = rest.indexOf('/');
        var id = slash < 0 ? rest : rest.substring(0, slash);
        // Ids begin like this, so that no other path below is taken for one.
        if (!id.startsWith("resp_")) {
            return Kind.NONE;
        }
        if (slash < 0) {
            return Kind.STORED;
        }
        return rest.substring(slash).equals("/input_items") ? Kind.QUESTION : Kind.NONE;
    }
}
