package dev.quotary.gateway.upstream;

import java.util.regex.Pattern;

/** Where clients that show a service key say whom they act for, in words of their own. */
public sealed interface SubjectFrom {
    /** Nowhere: {@code X-Quotary-Subject} alone counts. */
    record Nowhere() implements SubjectFrom {}

    /**
     * In a header.
     *
     * @param name in any case
     */
    record Header(String name) implements SubjectFrom {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");

        public Header {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("expected the name of a header, was '" + name + "'");
            }
        }
    }

    /**
     * In a member of the body.
     *
     * @param outer the member
     * @param inner the member of that which is meant; empty for itself
     */
    record Member(String outer, String inner) implements SubjectFrom {}

    /**
     * Reads {@code user}, {@code safety_identifier}, {@code metadata.user_id} or {@code header:NAME}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static SubjectFrom of(String text) {
        if (text.startsWith("header:")) {
            return new Header(text.substring("header:".length()).strip());
        }
        return switch (text) {
            case "user", "safety_identifier" -> new Member(text, "");
            case "metadata.user_id" -> new Member("metadata", "user_id");
            default ->
                throw new IllegalArgumentException(
                        "expected user, metadata.user_id, safety_identifier or header:NAME, was '" + text + "'");
        };
    }
}
