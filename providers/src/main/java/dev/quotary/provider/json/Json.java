package dev.quotary.provider.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactory.Feature;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Opens parsers that read UTF-8 only, strictly, and to a bounded depth. May be shared by threads.
 *
 * <p>Jackson would also guess UTF-16 and UTF-32. That is off: places in the bytes would no longer be places in the text.
 */
public final class Json {
    /** Objects and arrays within each other; deeper documents are refused. */
    public static final int DEPTH_MAX = 256;

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

    /** A writer of compact UTF-8. */
    public JsonGenerator generator(OutputStream out) throws IOException {
        return factory.createGenerator(out);
    }
}
