package dev.quotary.provider.gemini;

import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading.Rejected;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * What the query and the headers of a call ask for beside its body.
 *
 * <p>Google's servers let a caller choose another encoding of the answer, or only some of its fields: such an answer could lack its usage,
 * so nothing is passed on whose effect is not known.
 *
 * @param sse whether the stream is to come as server-sent events
 * @param rejected what must not pass, if anything
 */
record GeminiQuery(boolean sse, Optional<Rejected> rejected) {
    /** They change how the answer looks, but not what it says. A key is still there only where it is the provider's own. */
    private static final Set<String> HARMLESS =
            Set.of("key", "prettyPrint", "$prettyPrint", "quotaUser", "userIp", "$.xgafv");

    private static final Set<String> ALT = Set.of("alt", "$alt");
    private static final String FIELD_MASK = "x-goog-fieldmask";
    private static final String METHOD_OVERRIDE = "x-http-method-override";

    static GeminiQuery of(RequestHead head, boolean stream) {
        for (String header : new String[] {FIELD_MASK, METHOD_OVERRIDE}) {
            if (head.header(header).isPresent()) {
                return refused(
                        "Unsupported header: '" + header + "'. The answer must come whole, to be metered.", header);
            }
        }
        String target = head.target();
        int at = target.indexOf('?');
        return at < 0 ? new GeminiQuery(false, Optional.empty()) : of(target.substring(at + 1), stream);
    }

    private static GeminiQuery of(String query, boolean stream) {
        Optional<String> alt = Optional.empty();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            String value = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
            if (ALT.contains(name) && alt.isEmpty()) {
                alt = Optional.of(value);
            } else if (!name.isEmpty() && !HARMLESS.contains(name)) {
                return refused(
                        "Unsupported query parameter: '" + name
                                + "'. The answer must come whole and once, to be metered.",
                        name);
            }
        }
        boolean sse = alt.filter("sse"::equals).isPresent();
        if (alt.isPresent() && !alt.get().equals("json") && !(sse && stream)) {
            return refused("Unsupported value of 'alt': expected " + (stream ? "'sse' or 'json'." : "'json'."), "alt");
        }
        return new GeminiQuery(sse, Optional.empty());
    }

    private static GeminiQuery refused(String reason, String param) {
        return new GeminiQuery(false, Optional.of(Rejected.of(reason, param)));
    }

    /** What cannot be decoded stays as it is, and is then no parameter that is known. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
