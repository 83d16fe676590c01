package dev.quotary.api;

import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a caller expects of something before it changes it ({@code If-Match}, {@code If-None-Match}).
 *
 * @param match ETags of which it must have one; {@code *} for any; empty if nothing was said
 * @param noneMatch ETags of which it must have none; {@code *} for not being there at all
 */
record Precondition(List<String> match, List<String> noneMatch) {
    private static final String ANY = "*";
    private static final int TAGS_MAX = 100;
    private static final Pattern TAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7e]*\"");

    static Precondition of(Exchange exchange) {
        return new Precondition(tags(exchange, "If-Match"), tags(exchange, "If-None-Match"));
    }

    private static List<String> tags(Exchange exchange, String header) {
        var tags = exchange.header(header).stream()
                .flatMap(text -> Stream.of(text.split(",", -1)))
                .map(String::strip)
                .toList();
        if (tags.size() > TAGS_MAX
                || !(tags.equals(List.of(ANY)) || tags.stream().allMatch(Precondition::tag))) {
            throw new InvalidInputException("", 0, "expected the header " + header + " to be an ETag, or *");
        }
        return tags;
    }

    private static boolean tag(String text) {
        return TAG.matcher(text).matches();
    }

    /** Whether the caller has this state already. */
    boolean known(ETag current) {
        // A weak tag of a strong one is none of ours, but proxies make them of compressed answers.
        return noneMatch.contains(ANY)
                || noneMatch.stream()
                        .anyMatch(tag -> tag.replaceFirst("^W/", "").equals(current.text()));
    }

    /**
     * For a change of what may be there.
     *
     * @param current empty if it is not
     */
    void check(Optional<ETag> current) {
        if (current.isEmpty()) {
            if (!match.isEmpty()) {
                throw failed("There is nothing here (any more).");
            }
            return;
        }
        if (known(current.get())) {
            throw failed("It is there already.");
        }
        if (match.isEmpty()) {
            throw new ProblemException(
                    ErrorCode.PRECONDITION_REQUIRED,
                    "It is there already: send 'If-Match' with the ETag of what you have read, or '*'.");
        }
        if (!matches(current.get())) {
            throw failed("It has been changed since you have read it.");
        }
    }

    /** Whether a change may be made upon this state. A weak ETag never says so. */
    private boolean matches(ETag current) {
        return match.contains(ANY) || match.contains(current.text());
    }

    private static ProblemException failed(String why) {
        return new ProblemException(ErrorCode.PRECONDITION_FAILED, why + " Nothing was changed.");
    }
}
