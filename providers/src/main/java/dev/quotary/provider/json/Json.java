package dev.quotary.provider.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactory.Feature;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;

/**
 * Opens parsers that read UTF-8 only, strictly, and to a bounded depth. May be shared by threads.
 *
 * <p>Jackson would also guess UTF-16 and UTF-32. That is off: places in the bytes would no longer be places in the text.
 */
public final class Json {
    /** Objects and arrays within each other; deeper documents are refused. */
    public static final int DEPTH_MAX = 256;

    private static final int MEMBERS_MAX = 256;

    private final JsonFactory factory = JsonFactory.builder()
            .disable(Feature.CHARSET_DETECTION)
            .disable(Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** A parser of the bytes from {@code from} to before {@code to}; its locations count from {@code from}. */
    public JsonParser parser(byte[] bytes, int from, int to) throws IOException {
        return factory.createParser(bytes, from, to - from);
    }

    /** The names of the members of the document's outermost object, as far as it can be read; none if it is no object. */
    public Set<String> members(byte[] document) {
        var names = new HashSet<String>();
        try (JsonParser parser = parser(document, 0, document.length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return names;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME && names.size() < MEMBERS_MAX) {
                names.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
        } catch (IOException _) {
            // What was read before tells the format; what is broken is said by whoever reads it in that format.
        }
        return names;
    }

    /** A writer of compact UTF-8. */
    public JsonGenerator generator(OutputStream out) throws IOException {
        return factory.createGenerator(out);
    }
}
